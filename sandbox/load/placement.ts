/** What an attempt to place an order says about whether it happened. */
export type Placement =
  | { type: 'ok'; httpStatus: number; orderId: string }
  | { type: 'fail' | 'info'; httpStatus: number | null; error: string };

/**
 * An answer below 500 is the fleet's word that it did not take the order. Two of them are not: 408 and 409 (an earlier
 * attempt with the key, perhaps the gateway's own, is under way). A 5xx may come after the order was stored.
 */
export function ofStatus(status: number): 'ok' | 'fail' | 'info' {
  if (status === 202) return 'ok';
  return status >= 500 || status === 408 || status === 409 ? 'info' : 'fail';
}

/** As ofStatus for a cancellation: a 409 is the fleet's word that it came too late. */
export function ofCancelStatus(status: number): 'ok' | 'fail' | 'info' {
  return status === 409 ? 'fail' : ofStatus(status);
}

/** A connection that was never made carried no order; whatever broke later may have. */
export function ofError(error: unknown): Placement {
  const { code, message } = error as NodeJS.ErrnoException;
  const neverSent = code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT';
  return { type: neverSent ? 'fail' : 'info', httpStatus: null, error: code ?? message ?? String(error) };
}
