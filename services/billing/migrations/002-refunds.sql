-- A payment can be undone: forbidden before it was made (voided), or given back (refunded).
alter table payment drop constraint payment_status_check;
alter table payment drop constraint payment_check;
alter table payment add column undo_reason text;           -- somebody wants it undone; null while nobody does
alter table payment
  add constraint known_status check (status in ('pending', 'succeeded', 'failed', 'voided', 'refunded')),
  add constraint charged_has_charge check ((status in ('succeeded', 'refunded')) = (charge_id is not null)),
  add constraint undone_has_reason check (status not in ('voided', 'refunded') or undo_reason is not null);

-- Refunds that the provider is to be asked for, until it has answered: for ever, with growing pauses. One per payment.
create table refund (
  payment_id      uuid        primary key references payment,
  refund_id       text        unique,                        -- the provider's; null until it has answered
  attempts        integer     not null default 0,
  next_attempt_at timestamptz,                               -- also the lease of who is at it; null when done
  last_error      text,
  cause           jsonb       not null,                      -- metadata of the message that made it necessary
  trace           jsonb       not null default '{}',
  created_at      timestamptz not null,
  done_at         timestamptz,
  check ((done_at is null) = (next_attempt_at is not null)),
  check ((done_at is null) = (refund_id is null))
);
create index refund_due on refund (next_attempt_at) where done_at is null;
