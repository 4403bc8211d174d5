import { ErrorCode } from '../errors.ts';
import { array, int16, int32, since, string, struct, type ValueOf } from '../wire/codec.ts';
import type { AnyApi } from './api.ts';
import { defineApi } from './api.ts';

/**
 * ApiVersions · key 18 · versions 0–3
 *
 * Behaviour: lists what `registry.ts` holds. Any version is answered: an unknown one with UNSUPPORTED_VERSION in the
 * layout of version 0 (KIP-511). The response header is never flexible, because the client does not know yet
 * what it talks to.
 * Versions: 1 throttle time · 3 client software name, flexible. No feature flags are advertised.
 */
const request = struct({ softwareName: since(3, string), softwareVersion: since(3, string) });

const response = struct({
  errorCode: int16,
  apis: array(struct({ key: int16, minVersion: int16, maxVersion: int16 })),
  throttleTimeMs: since(1, int32),
});

export const apiVersions = defineApi({
  key: 18,
  name: 'ApiVersions',
  versions: [0, 3],
  flexibleSince: 3,
  request,
  response,
  handle: (_cluster, _body, { apis }) => listVersions(apis, ErrorCode.NONE),
  refuse: (_body, errorCode) => ({ errorCode, apis: [], throttleTimeMs: 0 }),
});

/** The list of ranges as an ApiVersions response body. */
export function listVersions(apis: readonly AnyApi[], errorCode: number): ValueOf<typeof response> {
  const list = apis.map(({ key, versions: [minVersion, maxVersion] }) => ({ key, minVersion, maxVersion }));
  return { errorCode, apis: list, throttleTimeMs: 0 };
}
