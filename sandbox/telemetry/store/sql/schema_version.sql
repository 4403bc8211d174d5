-- Telemetry is not worth migrating: a file of another version is moved aside like a damaged one. Raise the number in
-- database.ts with any change to these files.
create table if not exists schema_version (version integer not null);
