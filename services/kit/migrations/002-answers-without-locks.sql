-- An answer is stored by the transaction that earns it: a key without one exists no longer, and needs no lock.
delete from idempotency_keys where status is null;
alter table idempotency_keys drop column locked_until, alter column status set not null;
