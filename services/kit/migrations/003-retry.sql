-- Parked messages can be sent again: what they were, in which order they came, and which of them is on its way.
alter table parked add column seq bigint generated always as identity;
alter table parked add column body bytea;                 -- the original bytes
alter table parked add column headers jsonb not null default '{}';
alter table parked add column replayed_at timestamptz;    -- on its way through the retry topic since
