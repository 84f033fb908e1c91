import { environment } from '#core/environment.ts';

const held = globalThis as { punctualProvider?: unknown };

/** As if the environment named an identity provider that was asked for its addresses a moment ago; nobody answers there. */
export function nameProvider(): void {
  const issuer = 'https://id.example.org';
  Object.assign(environment(), {
    PUNCTUAL_OIDC_ISSUER: issuer,
    PUNCTUAL_OIDC_CLIENT_ID: 'punctual',
    PUNCTUAL_OIDC_CLIENT_SECRET: 'a secret',
  });
  const server = { issuer, authorization_endpoint: `${issuer}/auth` };
  held.punctualProvider = { of: issuer, until: Date.now() + 60_000, server };
}

/** As if the environment named a mail server; nobody answers there. */
export function nameMailServer(): void {
  Object.assign(environment(), {
    PUNCTUAL_SMTP_URL: 'smtp://127.0.0.1:9',
    PUNCTUAL_MAIL_FROM: 'punctual@example.org',
  });
}

export function forgetServers(): void {
  const given = environment();
  delete given.PUNCTUAL_OIDC_ISSUER;
  delete given.PUNCTUAL_SMTP_URL;
  delete held.punctualProvider;
}
