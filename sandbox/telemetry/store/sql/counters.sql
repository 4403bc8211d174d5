-- What retention took away, kept across restarts.
create table if not exists counters (
  name  varchar not null,
  value bigint not null
);
