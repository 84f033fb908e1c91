import * as oidc from 'openid-client';
import { reportUnexpected } from '../report-unexpected.ts';
import { type Identity, groupsIn, identityOf } from './provider-identity.ts';
import { configurationOf, type Provider } from './provider.ts';

/** What was sent along with a person to the provider, and must come back with them. */
export type Errand = { state: string; nonce: string; verifier: string; redirectUri: string };

export type Named = { ok: true; identity: Identity } | { ok: false; message: string };

/** Where the browser goes to sign in, and what it must bring back. @throws what openid-client throws */
export async function errandTo(
  provider: Provider,
  redirectUri: string,
): Promise<{ address: string; errand: Errand }> {
  const configuration = await configurationOf(provider);
  const errand = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    redirectUri,
  };
  const address = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: provider.scopes,
    state: errand.state,
    nonce: errand.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(errand.verifier),
    code_challenge_method: 'S256',
  });
  return { address: address.href, errand };
}

/** Exchanges the code that came back for the person's claims; everything that can be wrong is a sentence. */
export async function namedBy(provider: Provider, came: URL, errand: Errand): Promise<Named> {
  const here = new URL(errand.redirectUri);
  here.search = came.search;
  try {
    const configuration = await configurationOf(provider);
    const tokens = await oidc.authorizationCodeGrant(configuration, here, {
      expectedState: errand.state,
      expectedNonce: errand.nonce,
      pkceCodeVerifier: errand.verifier,
      idTokenExpected: true,
    });
    const claims: Record<string, unknown> = { ...tokens.claims() };
    if (lacksSomething(claims, provider) && configuration.serverMetadata().userinfo_endpoint) {
      const more = await oidc.fetchUserInfo(
        configuration,
        tokens.access_token,
        String(claims['sub']),
      );
      for (const [name, value] of Object.entries(more)) claims[name] ??= value;
    }
    return {
      ok: true,
      identity: identityOf(claims, { ...provider, issuer: configuration.serverMetadata().issuer }),
    };
  } catch (error) {
    return { ok: false, message: sentenceOf(error, provider) };
  }
}

function lacksSomething(claims: Readonly<Record<string, unknown>>, provider: Provider): boolean {
  const needsGroups = provider.grants.length > 0;
  return (
    claims['email'] === undefined ||
    claims['email_verified'] === undefined ||
    (needsGroups && groupsIn(claims, provider.groupsClaim).length === 0)
  );
}

/** What a person is told; whoever runs Punctual finds the rest in the log. */
export function sentenceOf(error: unknown, { name }: Provider): string {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return `${name} didn’t let you in. Ask whoever runs it.`;
    if (/^(login|interaction|consent|account_selection)_required$/.test(error.error)) {
      return `${name} wants you to sign in there first. Try once more.`;
    }
    reportUnexpected(error);
    return `${name} refused the request. Whoever runs Punctual finds its reason in the log.`;
  }
  if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') {
    return `${name} doesn’t know this answer any more: it was used already, or took too long. Sign in once more.`;
  }
  reportUnexpected(error);
  if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_client') {
    return `${name} doesn’t take Punctual’s own name and secret. Whoever runs Punctual must look at its settings.`;
  }
  if (FORGED.has(codeOf(error))) {
    return `The answer of ${name} doesn’t belong to what was asked, or is too old, so nobody was signed in. Sign in once more.`;
  }
  return `${name} can’t be reached, or doesn’t answer as it should. Try again in a moment; whoever runs Punctual finds more in the log.`;
}

const FORGED = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
]);

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
