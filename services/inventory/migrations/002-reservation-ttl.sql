-- A promise ends by itself when its saga neither confirms nor takes it back in time.
alter table reservations
  add column expires_at timestamptz,                  -- null: promised before there was an end to it
  add column cause jsonb,                             -- of the message that asked for the stock: its id and saga
  add column trace jsonb,                             -- its trace goes on when the promise ends
  drop constraint reservations_state_check,
  drop constraint reservations_check,
  add constraint reservations_state_check
    check (state in ('active', 'released', 'expired', 'committed', 'rejected', 'tombstone')),
  add constraint reservations_id_check
    check (state not in ('active', 'released', 'expired', 'committed') or reservation_id is not null);
create index reservations_ending on reservations (expires_at) where state = 'active';
