-- Orders as their owner holds them. One row per order, changed only under its row lock.
create table orders (
  id uuid primary key,
  customer_id uuid not null,
  status text not null check (status in
    ('created', 'screened', 'reserved', 'paid', 'confirmed', 'compensating', 'cancelled')),
  version integer not null check (version >= 1),          -- events published so far: gapless
  saga_id uuid not null unique,
  saga_style text not null check (saga_style in ('choreography', 'orchestration')),
  total_minor bigint not null check (total_minor >= 0),
  currency text not null,
  quote_id uuid not null,
  quote_signature text not null,
  quote_expires_at timestamptz not null,
  payment_token text not null,                            -- stands for a card; never a card number
  reservation_id uuid,
  released boolean not null default false,                -- stock was given back
  charge_id text,
  cancel_reason text check (cancel_reason in ('fraud_suspected', 'out_of_stock', 'payment_failed')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check ((status = 'cancelled') = (cancel_reason is not null)),
  check (status not in ('paid', 'confirmed') or charge_id is not null)
);
create index orders_unfinished on orders (updated_at) where status not in ('confirmed', 'cancelled');

create table order_lines (
  order_id uuid not null references orders,
  line_no smallint not null,
  sku text not null,
  name text not null,
  qty integer not null check (qty > 0),
  unit_minor bigint not null check (unit_minor >= 0),
  line_minor bigint not null,
  price_version integer not null,                         -- which price the quote used
  primary key (order_id, line_no),
  unique (order_id, sku),
  check (line_minor = unit_minor * qty)
);

-- Every change of status, kept for ever: what an auditor reads to prove that each step was legal.
create table order_transitions (
  order_id uuid not null references orders,
  seq smallint not null,
  from_status text,                                       -- null for the first
  to_status text not null,
  message_id uuid,                                        -- the message that brought the fact; null for a request
  at timestamptz not null,
  primary key (order_id, seq)
);

alter table orders set (fillfactor = 70);                 -- room for heap-only updates of status
