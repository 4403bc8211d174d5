import { createHash, randomBytes } from 'node:crypto';

/** As much of a browser as a sign-in needs: cookies, one hop at a time. */
export function createBrowser(baseUrl: string) {
  const cookies = new Map<string, string>();

  async function go(pathOrUrl: string, form?: Record<string, string>): Promise<Response> {
    const url = new URL(pathOrUrl, baseUrl);
    const response = await fetch(url, {
      redirect: 'manual',
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form === undefined ? {} : { origin: new URL(baseUrl).origin }),
      },
      body: form === undefined ? null : new URLSearchParams(form),
      signal: AbortSignal.timeout(10_000),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects until they leave the server; the address that they lead to. */
  async function follow(response: Response): Promise<string> {
    for (let hop = response; ; ) {
      const location = hop.headers.get('location');
      if (location === null) throw new Error(`no redirect: ${hop.status} ${await hop.text()}`);
      const target = new URL(location, baseUrl);
      if (target.origin !== new URL(baseUrl).origin || target.pathname.startsWith('/interaction/')) return target.href;
      hop = await go(target.href);
    }
  }

  return { go, follow, cookies };
}

/** PKCE pair (RFC 7636, S256). */
export function createPkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
