-- One row per log record, in order of arrival. Attributes are split as in spans.sql.
create table if not exists logs (
  seq        bigint not null,
  time_ns    bigint not null,
  severity   utinyint not null, -- index into Severity
  service    varchar not null,
  instance   varchar,
  body       varchar not null,
  trace_id   varchar,
  span_id    varchar,
  attributes varchar not null,
  id_keys    varchar,
  id_values  varchar,
  text       varchar not null   -- lower case: body and string values of `attributes`
);
