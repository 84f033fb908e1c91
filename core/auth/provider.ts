import * as oidc from 'openid-client';
import { environment } from '../environment.ts';
import { isLoopback } from './provider-environment.ts';
import type { GroupGrant } from './provider-grants.ts';

/** The identity provider that the environment names. */
export type Provider = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What people call it. */
  name: string;
  scopes: string;
  groupsClaim: string;
  /** Empty: groups give nothing, and admins say what people may do. */
  grants: readonly GroupGrant[];
};

/** Null where people sign in with passwords alone. */
export function providerHere(): Provider | null {
  const given = environment();
  const { PUNCTUAL_OIDC_ISSUER: issuer, PUNCTUAL_OIDC_CLIENT_ID: clientId } = given;
  const clientSecret = given.PUNCTUAL_OIDC_CLIENT_SECRET;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  return {
    issuer,
    clientId,
    clientSecret,
    name: given.PUNCTUAL_OIDC_NAME,
    scopes: given.PUNCTUAL_OIDC_SCOPES,
    groupsClaim: given.PUNCTUAL_OIDC_GROUPS_CLAIM,
    grants: given.PUNCTUAL_OIDC_GRANTS,
  };
}

/** Whether groups at the provider say what people may do, so that nobody changes it by hand. */
export const doGroupsGrant = () => (providerHere()?.grants.length ?? 0) > 0;

/** What a person sees who waits for it; the provider has so long for each answer. */
const ANSWER_SECONDS = 8;
/** Addresses and keys change seldom; a provider that is away is asked again at the next click. */
const KNOWN_MS = 15 * 60_000;

type Known = { of: string; until: number; server: oidc.ServerMetadata };
// What the provider says and not the library's object of it: Next loads the library once a bundle.
const held = globalThis as { punctualProvider?: Known };

/** Where the provider's parts are, as it says itself (OpenID Connect Discovery). @throws what openid-client throws */
export async function configurationOf(provider: Provider): Promise<oidc.Configuration> {
  const { clientId, clientSecret, issuer } = provider;
  const known = held.punctualProvider;
  const isKnown = known?.of === issuer && known.until > Date.now();
  const server = isKnown ? known.server : await discover(provider);
  if (!isKnown) held.punctualProvider = { of: issuer, until: Date.now() + KNOWN_MS, server };
  const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const shows = ways.includes('client_secret_basic')
    ? oidc.ClientSecretBasic(clientSecret)
    : oidc.ClientSecretPost(clientSecret);
  const configuration = new oidc.Configuration(server, clientId, clientSecret, shows);
  configuration.timeout = ANSWER_SECONDS;
  // The token comes straight from the provider; that its signature is looked at as well costs one more request.
  oidc.enableNonRepudiationChecks(configuration);
  for (const allow of plainTo(issuer)) allow(configuration);
  return configuration;
}

async function discover({ issuer, clientId }: Provider): Promise<oidc.ServerMetadata> {
  const found = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
    timeout: ANSWER_SECONDS,
    execute: plainTo(issuer),
  });
  const server = found.serverMetadata();
  checkAddress(server.authorization_endpoint, issuer);
  return { ...server };
}

/** Without TLS on this host itself alone. */
const plainTo = (issuer: string) =>
  isLoopback(new URL(issuer).hostname) ? [oidc.allowInsecureRequests] : [];

/** Browsers are sent there, so it must be a page of the web and, beyond this host, one that nobody listens to. */
function checkAddress(address: string | undefined, issuer: string): void {
  const { protocol } = new URL(address ?? 'none:');
  if (protocol === 'https:' || (protocol === 'http:' && plainTo(issuer).length > 0)) return;
  throw new TypeError('The provider names no authorization_endpoint with https://.');
}
