/** Traffic of the last minute; the stream patches the same query. */
export const redInput = { windowSeconds: 60, buckets: 30 };
