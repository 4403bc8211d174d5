import { z } from 'zod';
import { Instant } from '../ids.ts';
import type { Role } from './route.ts';
import { defineRoute } from './route.ts';

/** `aud` of every access token of the fleet. */
export const tokenAudience = 'orrery';

/** RFC 8707 resource indicator that stands for the fleet's API; clients need not send it. */
export const apiResource = 'urn:orrery:api';

/** Scopes of the API. Authorisation goes by `roles`; scopes let a client ask for less than its user may do. */
export const apiScopes = ['orders:read', 'orders:write', 'stock:write'] as const;

const roles = ['shopper', 'operator', 'auditor'] as const satisfies readonly Role[];

/** Claims of an access token (RFC 9068, `typ: at+jwt`), as every verifier reads them. */
export const AccessTokenClaims = z.object({
  iss: z.string().describe('IDENTITY_ISSUER'),
  sub: z.string().describe('Customer id of a shopper, user id of staff, client id of a machine client'),
  aud: z.union([z.string(), z.array(z.string())]).describe('orrery'),
  client_id: z.string(),
  scope: z.string().optional().describe('Space-separated'),
  roles: z.array(z.enum(roles)).min(1),
  jti: z.string(),
  iat: z.int().describe('Epoch seconds'),
  exp: z.int().describe('Epoch seconds'),
});
export type AccessTokenClaims = z.infer<typeof AccessTokenClaims>;

/** Answer of `POST /token` (RFC 6749 §5.1). */
export const TokenResponse = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds'),
  scope: z.string().optional(),
  id_token: z.string().optional(),
});
export type TokenResponse = z.infer<typeof TokenResponse>;

/**
 * A machine client (client credentials, secret in the Authorization header). It acts with the operator's role. Identity
 * learns of them by `IDENTITY_CLIENTS`, a JSON list; a client of itself by `IDENTITY_CLIENT_ID` and `…_SECRET`.
 */
export const MachineClient = z.object({ id: z.string().min(1), secret: z.string().min(16) });
export type MachineClient = z.infer<typeof MachineClient>;

/** Public client of a person at a browser (authorization code + PKCE, loopback redirect on any port, RFC 8252 §7.3). */
export const shopClient = {
  clientId: 'orrery-shop',
  redirectUris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
} as const;

/** A signing key as an operator sees it; the private part never leaves identity. */
export const SigningKey = z.object({
  kid: z.string(),
  state: z
    .enum(['active', 'standby', 'retiring'])
    .describe('active signs; standby is already published and signs next; retiring still verifies until retiresAt'),
  createdAt: Instant,
  retiresAt: Instant.nullable().describe('When it leaves the JWKS; null unless retiring'),
});
export type SigningKey = z.infer<typeof SigningKey>;

export const listKeys = defineRoute({
  method: 'GET',
  path: '/keys',
  summary: 'Signing keys and their state',
  responses: { 200: z.object({ keys: z.array(SigningKey) }) },
  roles: ['operator', 'auditor'],
});

export const rotateKeys = defineRoute({
  method: 'POST',
  path: '/keys/rotate',
  summary: 'Promote the standby key; tokens signed before stay valid until they expire',
  responses: { 200: z.object({ keys: z.array(SigningKey) }) },
  roles: ['operator'],
});
