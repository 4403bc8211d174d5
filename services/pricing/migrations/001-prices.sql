create table products (
  sku   text primary key,
  name  text not null
);

-- Prices are never changed: a new price is a new version, so that a quote can always be explained (FAULTS.md S11).
create table prices (
  sku           text not null references products (sku),
  version       integer not null check (version > 0),
  amount_minor  bigint not null check (amount_minor >= 0),
  currency      text not null check (currency in ('EUR', 'USD', 'GBP')),
  valid_from    timestamptz not null default now(),
  primary key (sku, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger prices_are_append_only before update or delete or truncate on prices
  for each statement execute function refuse_change();
