-- The provider never changes what it has written: charges, refunds and ledger movements are only ever added.
create function forbid_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create table charge (
  id           text        primary key,
  reference    uuid        not null,
  status       text        not null check (status in ('succeeded', 'declined')),
  decline_code text        check (decline_code in ('card_declined', 'insufficient_funds', 'expired_card')),
  amount_minor bigint      not null check (amount_minor > 0),
  currency     text        not null check (currency in ('EUR', 'USD', 'GBP')),
  created_at   timestamptz not null,
  check ((status = 'declined') = (decline_code is not null))
);
create index charge_by_reference on charge (reference, created_at);
create index charge_by_age on charge (created_at desc);

create table refund (
  id           text        primary key,
  charge_id    text        not null references charge,
  amount_minor bigint      not null check (amount_minor > 0),
  currency     text        not null,
  created_at   timestamptz not null
);
create index refund_by_charge on refund (charge_id);

-- One row moves an amount from one account to another, so the ledger sums to 0 by construction.
create table ledger_movement (
  seq          bigint      generated always as identity primary key,
  kind         text        not null check (kind in ('capture', 'refund')),
  charge_id    text        not null references charge,
  refund_id    text        unique references refund,
  debit        text        not null check (debit in ('cardholder', 'merchant')),
  credit       text        not null check (credit in ('cardholder', 'merchant') and credit <> debit),
  amount_minor bigint      not null check (amount_minor > 0),
  currency     text        not null,
  recorded_at  timestamptz not null,
  check ((kind = 'refund') = (refund_id is not null))
);
create unique index one_capture_per_charge on ledger_movement (charge_id) where kind = 'capture';
create index ledger_movement_by_charge on ledger_movement (charge_id);

create trigger charge_append_only before update or delete or truncate on charge
  for each statement execute function forbid_change();
create trigger refund_append_only before update or delete or truncate on refund
  for each statement execute function forbid_change();
create trigger ledger_movement_append_only before update or delete or truncate on ledger_movement
  for each statement execute function forbid_change();

-- The first request with a key decides; its answer is given again to every later one.
create table idempotency_key (
  key         text        primary key,
  fingerprint text        not null,
  answer      jsonb,
  created_at  timestamptz not null
);

-- How often a key of a flaky card has been tried, so that a restart of the provider does not start over.
create table flaky_attempt (
  key      text primary key,
  attempts int  not null
);
