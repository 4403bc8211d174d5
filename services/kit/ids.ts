import { v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562): sorts by time, so that indexes on it stay narrow. */
export function newId(): string {
  return v7();
}
