-- What one flush learnt about one trace. Append-only, merged on read: an upsert per trace would need an index in
-- memory and rewrite rows, while a trace has rarely more than three parts.
create table if not exists trace_parts (
  seq_from      bigint not null,  -- spans.seq of the first and last span of this part
  seq_to        bigint not null,
  trace_id      varchar not null,
  root_name     varchar,          -- null while the root has not arrived
  root_service  varchar,
  first_name    varchar not null, -- earliest span of this part
  first_service varchar not null,
  trace_start_ns bigint not null, -- start of the whole trace, as known when this part was written
  start_ns      bigint not null,
  end_ns        bigint not null,
  span_count    uinteger not null,
  error_count   uinteger not null,
  injected_count uinteger not null, -- errors, of this part or an earlier one, that are injected as is now known
  faults        varchar,          -- JSON array of { id, kind }
  services      varchar not null, -- JSON [[name, spans, first start in nanoseconds as text]]
  order_id      varchar,
  arrived_ms    bigint not null
);
