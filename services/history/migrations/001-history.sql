-- Every event of every order as it was received. The source of truth of this service: views are folded from it.
create table timeline (
  position bigint generated always as identity unique,    -- id on the stream
  message_id uuid primary key,
  order_id uuid not null,
  event text not null,
  version text not null,
  producer text not null,
  causation_id uuid,
  saga_id uuid not null,
  aggregate_version integer not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default clock_timestamp(),
  topic text not null,
  partition integer not null,
  "offset" bigint not null,
  traceparent text,
  data jsonb not null,
  -- Positions are drawn before commit, so a smaller one may become visible later. Who has seen a row has seen every
  -- transaction below its horizon; everything from the horizon on may still be new to them.
  tx xid8 not null default pg_current_xact_id(),
  horizon xid8 not null default pg_snapshot_xmin(pg_current_snapshot())
);
create index timeline_order on timeline (order_id);
create index timeline_tx on timeline (tx);

-- One row per order, always replaceable by foldOrder(timeline).
create table order_view (
  id uuid primary key,
  view jsonb not null,
  customer_id uuid not null generated always as ((view ->> 'customerId')::uuid) stored,
  status text not null generated always as (view ->> 'status') stored
);
create index order_view_customer on order_view (customer_id, id desc);
create index order_view_status on order_view (status, id desc);

alter table order_view set (fillfactor = 70);
