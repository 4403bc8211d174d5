-- Last invoice number given out, per year. A counter row and not a sequence: a sequence leaves a gap when a
-- transaction rolls back, and invoice numbers may have none.
create table invoice_counters (
  year  integer primary key,
  last  integer not null check (last > 0)
);

create table invoices (
  order_id     uuid primary key,                 -- exactly one invoice per confirmed order (FAULTS.md L6)
  number       text not null unique,
  customer_id  uuid not null,
  total_minor  bigint not null check (total_minor >= 0),
  currency     text not null,
  issued_at    timestamptz not null,
  pdf          bytea not null
);
-- A PDF is compressed already: do not try again.
alter table invoices alter column pdf set storage external;
create index invoices_by_issue on invoices (issued_at);

-- Dev mailbox: what would have been sent.
create table mails (
  id         uuid primary key,
  order_id   uuid not null,
  kind       text not null check (kind in ('order_confirmed', 'order_cancelled')),
  recipient  text not null,
  subject    text not null,
  body       text not null,
  sent_at    timestamptz not null,
  unique (order_id, kind)                        -- at most one visible notification of a kind (L6)
);
create index mails_newest on mails (sent_at desc, id desc);

create table sales_summaries (
  day          date not null,
  currency     text not null,
  orders       integer not null,
  total_minor  bigint not null,
  written_at   timestamptz not null default now(),
  primary key (day, currency)
);

-- Durable scheduled jobs: a worker takes a due one by lease; a lease that ran out belongs to a dead worker.
create table jobs (
  name           text primary key,
  next_run_at    timestamptz not null,
  leased_by      text,
  leased_until   timestamptz,
  last_started_at  timestamptz,
  last_finished_at timestamptz,
  last_error     text,
  runs           integer not null default 0,
  failures       integer not null default 0
);
