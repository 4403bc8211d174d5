-- A message that failed for a reason of its own waits in the retry topics before it becomes a dead letter.
alter table parked add column attempts integer not null default 0;  -- tries so far, of all its deliveries
alter table parked add column tier integer not null default 0;      -- retry tiers that it has been sent to
alter table parked add column sends integer not null default 0;     -- times it was sent to a retry topic; only the last copy counts
alter table parked add column due_at timestamptz;                   -- waits in a retry tier until then
alter table parked add column dead_at timestamptz;                  -- its dead letter was written: somebody must decide
update parked set dead_at = parked_at;
