create table payment (
  id           uuid        primary key,
  -- One payment per order, whatever is delivered how often.
  order_id     uuid        not null unique,
  saga_id      uuid        not null,
  customer_id  uuid        not null,
  status       text        not null check (status in ('pending', 'succeeded', 'failed')),
  amount_minor bigint      not null check (amount_minor >= 0),
  currency     text        not null check (currency in ('EUR', 'USD', 'GBP')),
  token        text        not null,
  charge_id    text        unique,
  decline_code text,
  -- Number of events published about this payment; the next event carries version + 1.
  version      int         not null check (version >= 0),
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  check ((status = 'succeeded') = (charge_id is not null)),
  check ((status = 'failed') = (decline_code is not null))
);
create index payment_by_age on payment (created_at desc);
create index payment_pending on payment (created_at) where status = 'pending';

-- Double entry: a transaction is a set of entries that sums to 0 in each currency. A refund is the same shape with
-- the signs turned round.
create table ledger_transaction (
  id                 uuid        primary key,
  payment_id         uuid        not null references payment,
  kind               text        not null check (kind in ('charge', 'refund')),
  -- The provider's id of the charge or refund: the same movement of money is never booked twice.
  provider_reference text        not null unique,
  recorded_at        timestamptz not null
);
create unique index one_charge_per_payment on ledger_transaction (payment_id) where kind = 'charge';

create table ledger_entry (
  seq            bigint generated always as identity primary key,
  transaction_id uuid   not null references ledger_transaction,
  account        text   not null check (account in ('provider_receivable', 'sales')),
  amount_minor   bigint not null check (amount_minor <> 0),
  currency       text   not null
);
create index ledger_entry_by_transaction on ledger_entry (transaction_id);

create function forbid_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger ledger_transaction_append_only before update or delete or truncate on ledger_transaction
  for each statement execute function forbid_change();
create trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
  for each statement execute function forbid_change();

-- Checked at commit, when all entries of a transaction are there.
create function require_balance() returns trigger language plpgsql as $$
begin
  if exists (
    select from ledger_entry where transaction_id = new.transaction_id group by currency having sum(amount_minor) <> 0
  ) then
    raise exception 'ledger transaction % does not sum to 0', new.transaction_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_balanced after insert on ledger_entry
  deferrable initially deferred for each row execute function require_balance();
