-- What undoing an order needs to know, and the sagas and timers of orders.
alter table orders
  add column payment_due_at timestamptz,                  -- not paid by then: cancelled
  add column payment_settled boolean not null default false, -- while undoing: no money of the customer is held or will be
  add column stuck_since timestamptz;                     -- undoing makes no progress
update orders set payment_due_at = created_at + interval '60 s';
update orders set payment_settled = true, cancel_reason = 'payment_failed' where status = 'compensating';
alter table orders alter column payment_due_at set not null;

alter table orders drop constraint orders_check;          -- the reason is now known as soon as undoing begins
alter table orders drop constraint orders_cancel_reason_check;
alter table orders
  add constraint reason_while_undoing check ((status in ('compensating', 'cancelled')) = (cancel_reason is not null)),
  add constraint known_reason check (cancel_reason in ('fraud_suspected', 'out_of_stock', 'payment_failed',
    'customer_request', 'payment_timeout', 'reservation_timeout'));

-- Deadlines that outlive the process. A timer is set in the transaction that makes it necessary and is taken away in
-- the transaction that tells of it; one that no longer matters is told all the same, and its reader checks.
create table saga_timer (
  order_id uuid not null references orders,
  name text not null,                                     -- 'payment', 'compensation', or a step of the saga
  attempt integer not null check (attempt >= 1),
  fires_at timestamptz not null,
  trace jsonb not null default '{}',                      -- trace context of who set it
  primary key (order_id, name)
);
create index saga_timer_due on saga_timer (fires_at);

-- Orchestrated sagas: one row per order, one row per step, changed only under the order's row lock.
create table saga (
  order_id uuid primary key references orders,
  phase text not null check (phase in ('running', 'compensating', 'completed', 'cancelled')),
  reason text,
  detail text,                                            -- one sentence for the customer
  version integer not null default 0,                     -- commands sent so far: gapless
  started_at timestamptz not null,
  updated_at timestamptz not null
);
create index saga_unfinished on saga (updated_at) where phase in ('running', 'compensating');

create table saga_step (
  order_id uuid not null references saga,
  position smallint not null,
  name text not null,
  state text not null check (state in ('pending', 'running', 'done', 'failed', 'undoing', 'undone')),
  attempts integer not null default 0,
  started_at timestamptz,
  ended_at timestamptz,
  deadline_at timestamptz,
  primary key (order_id, name)
);
alter table saga set (fillfactor = 70);
alter table saga_step set (fillfactor = 70);
