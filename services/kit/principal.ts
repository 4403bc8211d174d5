import type { Role } from '#contracts/http/route.ts';

/** Who is calling, as the token says. */
export type Principal = {
  /** Customer id of a shopper, user id of staff, client id of a machine client. */
  subject: string;
  roles: readonly Role[];
  scopes: readonly string[];
  clientId: string;
  /** The bearer token, to pass on to a service that checks it again. */
  token: string;
};
