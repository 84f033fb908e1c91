import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';
import { freePort } from '../../cli/start/ports.ts';

export type Person = {
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
};

export type IdentityProvider = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** By subject; what stands here counts from the next sign-in on. */
  people: Map<string, Person>;
  /** Changes what stands in the next ID tokens, which are signed again with `signWith`. */
  tamper: ((claims: Record<string, unknown>) => Record<string, unknown>) | null;
  signWith: 'own key' | 'another key';
  /** Answers nothing any more, and keeps who asks waiting. */
  isHanging: boolean;
  close(): Promise<void>;
};

/** A real OpenID Connect provider on this host; who goes there is shown its people and signs in as one of them. */
export async function startIdentityProvider(redirectUri: string): Promise<IdentityProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const keys = { own: newKey('own'), another: newKey('own') };
  const people = new Map<string, Person>();
  const client = { clientId: 'punctual', clientSecret: randomUUID() };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [keys.own.jwk] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...people.get(sub) }),
    }),
    cookies: { keys: [randomUUID()] },
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      IdToken: 60,
      Grant: 60,
      Session: 60,
      Interaction: 60,
    },
    renderError: (context, out) => {
      context.type = 'text';
      context.body = JSON.stringify(out);
    },
  });
  const answer = provider.callback();
  const hanging = new Set<ServerResponse>();
  const started: IdentityProvider = {
    issuer,
    ...client,
    people,
    tamper: null,
    signWith: 'own key',
    isHanging: false,
    close: async () => {
      for (const response of hanging) response.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname;
    if (started.isHanging) hanging.add(response);
    else if (path.startsWith('/interaction/')) void interact(provider, people, request, response);
    else if (path === '/token' && started.tamper) {
      changeTokens(
        response,
        started.tamper,
        keys[started.signWith === 'own key' ? 'own' : 'another'],
      );
      void answer(request, response);
    } else void answer(request, response);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return started;
}

/** A page with a button a person; the one that is pressed is signed in and agrees to all. */
async function interact(
  provider: Provider,
  people: ReadonlyMap<string, Person>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const given = request.method === 'POST' ? new URLSearchParams(await text(request)) : null;
  if (prompt.name === 'consent') {
    const grant = new provider.Grant({
      accountId: session!.accountId,
      clientId: String(params['client_id']),
    });
    grant.addOIDCScope('openid email profile');
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(
      request,
      response,
      { consent },
      { mergeWithLastSubmission: true },
    );
    return;
  }
  const accountId = given?.get('sub');
  if (accountId === 'nobody') {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  if (accountId) {
    await provider.interactionFinished(request, response, { login: { accountId } });
    return;
  }
  const buttons = [...people.keys(), 'nobody'].map(
    (sub) => `<button name="sub" value="${sub}">Sign in as ${sub}</button>`,
  );
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html><title>Provider</title><form method="post">${buttons.join('')}</form>`,
  );
}

type Key = { jwk: Record<string, unknown>; sign: (signed: string) => string };

function newKey(kid: string): Key {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    jwk: { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' },
    sign: (signed) => createSign('sha256').update(signed).sign(privateKey, 'base64url'),
  };
}

/** Writes another ID token into the answer than the one that the provider made. */
function changeTokens(
  response: ServerResponse,
  change: (claims: Record<string, unknown>) => Record<string, unknown>,
  key: Key,
): void {
  const end = response.end.bind(response);
  response.end = ((body: unknown) => {
    const answer = JSON.parse(String(body)) as { id_token?: string };
    const [head, claims] = (answer.id_token ?? '').split('.') as [string, string];
    if (answer.id_token !== undefined) {
      const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
        string,
        unknown
      >;
      const signed = `${head}.${Buffer.from(JSON.stringify(change(read))).toString('base64url')}`;
      answer.id_token = `${signed}.${key.sign(signed)}`;
    }
    const written = JSON.stringify(answer);
    response.setHeader('content-length', Buffer.byteLength(written));
    return end(written);
  }) as typeof response.end;
}

/**
 * What a browser does at the provider: follows it until it leads back.
 *
 * @returns the address that it leads back to
 */
export async function signInAt(address: string, sub: string, redirectUri: string): Promise<URL> {
  const jar = new Map<string, string>();
  let at = new URL(address);
  let given: { method: string; body: string; type: Record<string, string> } | null = null;
  for (let hops = 0; hops < 15; hops++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, {
      method: given?.method ?? 'GET',
      body: given?.body ?? null,
      redirect: 'manual',
      headers: { ...given?.type, cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      jar.set(name!, value!);
    }
    const location = answer.headers.get('location');
    if (location === null) {
      const said = await answer.text();
      if (answer.status !== 200) throw new Error(`The provider says ${answer.status}: ${said}`);
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      given = { method: 'POST', body: `sub=${encodeURIComponent(sub)}`, type };
      continue;
    }
    at = new URL(location, at);
    given = null;
    if (at.href.startsWith(redirectUri)) return at;
  }
  throw new Error('The provider leads nowhere.');
}
