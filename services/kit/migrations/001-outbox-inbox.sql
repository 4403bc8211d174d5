-- Messages to publish, written in the transaction of the state change that they announce.
create table outbox (
  id uuid primary key,                                    -- message id
  seq bigint generated always as identity,                -- insertion order, not commit order: never use as a cursor
  tx xid8 not null default pg_current_xact_id(),
  topic text not null,
  key text not null,
  aggregate_type text not null,
  aggregate_id text not null,
  aggregate_version integer,
  type text not null,
  schema_version text,
  payload json,                                           -- event envelope
  raw bytea,                                              -- body of a dead letter: the original bytes
  headers jsonb not null default '{}',                    -- traceparent, tracestate of the writer; dead-letter facts
  created_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  published_at timestamptz,
  parked_at timestamptz,                                  -- can never be published; holds back its aggregate
  last_error text
);
create index outbox_waiting on outbox (seq) where published_at is null and parked_at is null;
create index outbox_parked on outbox (aggregate_type, aggregate_id) where parked_at is not null;
create index outbox_published on outbox (published_at) where published_at is not null;

-- Messages handled, one row per consumer, inserted first in the handler's transaction.
create table inbox (
  consumer text not null,
  message_id uuid not null,
  received_at timestamptz not null default now(),
  primary key (consumer, message_id)
);
create index inbox_received on inbox (received_at);

-- Messages that could not be handled, and the later ones of the same key that follow them.
create table parked (
  consumer text not null,
  key text not null,
  position text not null,                                 -- topic/partition/offset
  message_id uuid,
  event text,
  reason text not null,
  error text not null,
  parked_at timestamptz not null default now(),
  released_at timestamptz,
  primary key (consumer, position)
);
create index parked_keys on parked (consumer, key) where released_at is null;

-- Answers to requests that carried an Idempotency-Key.
create table idempotency_keys (
  scope text not null,                                    -- operation and caller
  key text not null,
  request_hash text not null,
  status integer,                                         -- null while the first request runs
  headers jsonb,
  body text,
  locked_until timestamptz not null,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  primary key (scope, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);

-- The hot tables turn over completely; vacuum them early.
alter table outbox set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, fillfactor = 80);
