/** Raised while decoding when the bytes cannot be what they claim to be. The connection is closed, nothing else happens. */
export class WireError extends Error {
  override readonly name = 'WireError';
}
