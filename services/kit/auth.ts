import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { AccessTokenClaims, tokenAudience } from '#contracts/http/identity.ts';
import type { Role } from '#contracts/http/route.ts';
import type { Principal } from './principal.ts';
import type { Service } from './service.ts';
import { withoutTracing } from './telemetry/spans.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export type { Principal } from './principal.ts';

export type Authenticator = {
  /**
   * Verifies a bearer token: signature by identity's JWKS (fetched once, refreshed when a key is unknown), issuer,
   * audience, expiry. Throws `unauthenticated`, or `unavailable` when no keys can be had.
   */
  verify(authorization: string | undefined): Promise<Principal>;
};

/** Verifier for this service's environment. */
export function createAuthenticator(
  service: Service<{ IDENTITY_URL: string; IDENTITY_ISSUER: string }>,
): Authenticator {
  const keys = createRemoteJWKSet(new URL(`${service.env.IDENTITY_URL}/jwks`), {
    timeoutDuration: 2_000,
    cooldownDuration: 2_000,
    cacheMaxAge: 600_000,
  });
  return createVerifier({
    issuer: service.env.IDENTITY_ISSUER,
    keys: (header, token) => withoutTracing(() => keys(header, token)),
  });
}

export function createVerifier(options: { issuer: string; keys: Parameters<typeof jwtVerify>[1] }): Authenticator {
  const verified = createVerifiedTokens(Date.now);
  return {
    async verify(authorization) {
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined)
        throw new AppError('unauthenticated', 'an Authorization header with a bearer token is needed');
      const known = verified.find(token);
      if (known !== undefined) return known;
      const claims = AccessTokenClaims.safeParse(await verifyToken(token, options));
      if (!claims.success)
        throw new AppError('unauthenticated', `token lacks claims: ${z.prettifyError(claims.error)}`);
      const principal: Principal = {
        subject: claims.data.sub,
        roles: claims.data.roles,
        scopes: claims.data.scope?.split(' ') ?? [],
        clientId: claims.data.client_id,
        token,
      };
      verified.add(principal, claims.data.exp * 1_000);
      return principal;
    },
  };
}

async function verifyToken(
  token: string,
  options: { issuer: string; keys: Parameters<typeof jwtVerify>[1] },
): Promise<JWTPayload> {
  try {
    const verified = await jwtVerify(token, options.keys as Parameters<typeof createRemoteJWKSet>[0] & never, {
      issuer: options.issuer,
      audience: tokenAudience,
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      clockTolerance: 2,
    });
    return verified.payload;
  } catch (error) {
    throw toAuthError(error);
  }
}

function toAuthError(error: unknown): AppError {
  if (error instanceof errors.JWTExpired) return new AppError('unauthenticated', 'token has expired', { cause: error });
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
    return new AppError('unavailable', 'identity does not answer, so the token cannot be checked', {
      cause: error,
      retryAfterSeconds: 1,
    });
  }
  // jose throws its base class when the JWKS endpoint answers with something else than 200 and JSON.
  if (error.code === 'ERR_JOSE_GENERIC') {
    return new AppError('unavailable', 'identity has no usable keys', { cause: error, retryAfterSeconds: 1 });
  }
  return new AppError('unauthenticated', 'token is not valid', { cause: error });
}

/** Throws `forbidden` unless the caller has one of the roles. */
export function requireRoles(principal: Principal, roles: readonly Role[]): void {
  if (roles.some((role) => principal.roles.includes(role))) return;
  throw new AppError('forbidden', `needs one of the roles ${roles.join(', ')}`);
}
