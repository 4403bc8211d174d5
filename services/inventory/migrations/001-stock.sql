-- Stock per SKU. FAULTS.md S1 holds by constraint: a transaction that would break it cannot commit.
create table stock (
  sku          text primary key,
  name         text not null,
  description  text not null,
  category     text not null,
  initial      integer not null check (initial >= 0),
  on_hand      integer not null check (on_hand >= 0),
  reserved     integer not null default 0 check (reserved >= 0),
  constraint reserved_within_on_hand check (reserved <= on_hand)
);

-- Every movement of goods, for ever: on_hand = initial + sum(delta) (S2).
create table stock_ledger (
  id        bigint generated always as identity primary key,
  sku       text not null references stock (sku),
  delta     integer not null check (delta <> 0),
  kind      text not null check (kind in ('commit', 'restock')),
  order_id  uuid,
  reason    text not null,
  at        timestamptz not null default now(),
  check ((kind = 'commit') = (order_id is not null))
);
-- An order takes goods of one SKU out at most once, whatever is delivered twice.
create unique index stock_ledger_once_per_order on stock_ledger (order_id, sku) where order_id is not null;
create index stock_ledger_by_sku on stock_ledger (sku, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger stock_ledger_is_append_only before update or delete or truncate on stock_ledger
  for each statement execute function refuse_change();

create table reservations (
  order_id        uuid primary key,
  reservation_id  uuid unique,
  state           text not null check (state in ('active', 'released', 'committed', 'rejected', 'tombstone')),
  version         integer not null check (version > 0),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  check (state not in ('active', 'released', 'committed') or reservation_id is not null)
);

create table reservation_lines (
  order_id  uuid not null references reservations (order_id),
  sku       text not null references stock (sku),
  qty       integer not null check (qty > 0),
  primary key (order_id, sku)
);
