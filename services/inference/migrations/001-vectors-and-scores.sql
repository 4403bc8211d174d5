-- Vectors of the catalogue, one per product and model. Little-endian float32, L2-normalised.
create table product_vectors (
  sku         text not null,
  model       text not null,
  dims        integer not null check (dims > 0),
  vector      bytea not null,
  text_hash   text not null,                     -- of the text that was embedded: a changed text needs a new vector
  updated_at  timestamptz not null default now(),
  primary key (sku, model),
  check (octet_length(vector) = dims * 4)
);

-- Every score that was given: asking again about an order gives the same answer, and the customer's velocity is
-- counted here.
create table scored_orders (
  order_id     uuid primary key,
  customer_id  uuid not null,
  total_minor  bigint not null,
  currency     text not null,
  score        double precision not null check (score between 0 and 1),
  decision     text not null check (decision in ('accept', 'reject')),
  model        text not null,
  reasons      text[] not null,
  scored_at    timestamptz not null default now()
);
create index scored_orders_velocity on scored_orders (customer_id, scored_at);
