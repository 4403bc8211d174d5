import { AppError } from '#contracts/errors.ts';
import { TokenResponse } from '#contracts/http/identity.ts';
import { send } from './http.ts';

export type TokenSource = () => Promise<string>;

/** A token is replaced this long before it expires. */
const marginMs = 30_000;

/**
 * The console's own access token (client credentials, RFC 6749 §4.4), fetched when first needed and kept until shortly
 * before it expires. Callers at the same time share one request.
 */
export function tokenSource(options: {
  identityUrl: string;
  clientId: string;
  clientSecret: string;
  nowMs?: () => number;
}): TokenSource {
  const { identityUrl, clientId, clientSecret, nowMs = Date.now } = options;
  let held: { token: string; untilMs: number } | null = null;
  let asking: Promise<string> | null = null;

  const ask = async () => {
    const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
    const response = await send({
      process: 'identity',
      url: `${identityUrl}/token`,
      method: 'POST',
      headers: { Authorization: `Basic ${credentials.toString('base64')}` },
      form: 'grant_type=client_credentials',
    });
    const parsed = TokenResponse.safeParse(await response.json());
    if (!parsed.success) throw new AppError('dependency_failed', 'identity answered without an access token');
    held = { token: parsed.data.access_token, untilMs: nowMs() + parsed.data.expires_in * 1000 - marginMs };
    return held.token;
  };

  // One caller that goes away must not cancel the request for the others, hence no signal.
  return () => {
    if (held && nowMs() < held.untilMs) return Promise.resolve(held.token);
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
}
