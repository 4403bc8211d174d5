import { AppError } from '#contracts/errors.ts';
import { TokenResponse } from '#contracts/http/identity.ts';

export type Credentials = { id: string; secret: string };

/**
 * Access tokens by client credentials (RFC 6749 §4.4, client_secret_basic): asked for once, and again shortly before one
 * ends. Rejects with `unavailable` or `unauthenticated`.
 */
export function createTokenSource(identity: string, { id, secret }: Credentials): () => Promise<string> {
  let known: { token: Promise<string>; untilMs: number } | null = null;
  const ask = async () => {
    const response = await fetch(`${identity}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      signal: AbortSignal.timeout(10_000),
    }).catch((cause: unknown) => {
      throw new AppError('unavailable', `identity at ${identity} does not answer`, { cause });
    });
    if (!response.ok) throw new AppError('unauthenticated', `identity gave no token: ${await response.text()}`);
    const answer = TokenResponse.parse(await response.json());
    if (known !== null) known.untilMs = Date.now() + Math.max(5, answer.expires_in - 30) * 1_000;
    return answer.access_token;
  };
  return () => {
    if (known === null || Date.now() >= known.untilMs) known = { token: ask(), untilMs: Date.now() + 10_000 };
    return known.token;
  };
}
