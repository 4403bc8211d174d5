import { type Adapter, type ClientMetadata, type Configuration, interactionPolicy, Provider } from 'oidc-provider';
import { apiResource, apiScopes, type MachineClient, shopClient, tokenAudience } from '#contracts/http/identity.ts';
import type { Logger } from '#kit/logger.ts';
import { accountOf, machineRoles } from './accounts.ts';
import { renderErrorPage, renderSignedOutPage, renderSignOutPage } from './pages.ts';
import { type StoredKey, signingAlgorithm } from './signing-keys.ts';

/** Life of access and id tokens, seconds. */
export const tokenLifetimeSeconds = 600;
const workdaySeconds = 8 * 3600;

export type ProviderOptions = {
  issuer: string;
  keys: StoredKey[];
  cookieSecret: string;
  adapter: (model: string) => Adapter;
  machineClients: readonly MachineClient[];
  log: Logger;
};

/**
 * The OIDC provider: authorization code + PKCE for people, client credentials for machines, JWT access tokens
 * (RFC 9068, ES256) with `sub`, `roles`, `scope`, `client_id` and audience `orrery`. Left out: refresh tokens,
 * dynamic registration, device flow, userinfo (an id token carries name and roles).
 */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configuration(options));
  // Refusals are the protocol at work; only a fault of ours wakes somebody.
  provider.on('server_error', (_ctx, error) => options.log.error({ error }, 'provider failed'));
  provider.on('grant.error', (ctx, error) =>
    options.log.warn({ reason: error.message, clientId: ctx.oidc?.client?.clientId }, 'token refused'),
  );
  return provider;
}

function configuration({ keys, cookieSecret, adapter, machineClients }: ProviderOptions): Configuration {
  return {
    adapter,
    clients: [...machineClients.map(machineClient), publicClient],
    clientDefaults: { id_token_signed_response_alg: signingAlgorithm },
    jwks: { keys: keys.map((key) => key.jwk) },
    cookies: { keys: [cookieSecret] },
    routes: { authorization: '/auth', jwks: '/jwks', token: '/token', end_session: '/session/end' },
    responseTypes: ['code'],
    scopes: ['openid', ...apiScopes],
    claims: { openid: ['sub', 'name', 'roles'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_ctx, sub) => {
      const account = accountOf(sub);
      if (account === undefined) return undefined;
      return { accountId: sub, claims: () => ({ sub, name: account.name, roles: account.roles }) };
    },
    extraTokenClaims: (_ctx, token) => ({
      roles: 'accountId' in token ? (accountOf(token.accountId)?.roles ?? []) : machineRoles,
    }),
    // The only client of people is our own shop, so there is nobody to ask for consent: signing in grants it.
    interactions: { policy: loginOnly(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(ctx) {
      const { client, session, provider, requestParamScopes } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const known = session.grantIdFor(client.clientId);
      const grant =
        (known === undefined ? undefined : await provider.Grant.find(known)) ??
        new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
      const scopes = [...requestParamScopes];
      grant.addOIDCScope('openid');
      grant.addResourceScope(apiResource, scopes.filter((scope) => scope !== 'openid').join(' '));
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = renderSignOutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = renderSignedOutPage();
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => apiResource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience: tokenAudience,
          scope: apiScopes.join(' '),
          accessTokenFormat: 'jwt',
          accessTokenTTL: tokenLifetimeSeconds,
          jwt: { sign: { alg: signingAlgorithm } },
        }),
      },
    },
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: tokenLifetimeSeconds,
      ClientCredentials: tokenLifetimeSeconds,
      IdToken: tokenLifetimeSeconds,
      AuthorizationCode: 60,
      Interaction: 3600,
      Session: workdaySeconds,
      Grant: workdaySeconds,
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = renderErrorPage(out.error, out.error_description);
    },
  };
}

function loginOnly() {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

function machineClient({ id, secret }: MachineClient): ClientMetadata {
  return {
    client_id: id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
  };
}

const publicClient: ClientMetadata = {
  client_id: shopClient.clientId,
  client_name: 'Orrery shop',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [...shopClient.redirectUris],
};
