import { z } from 'zod';
import { readGroupGrants } from './provider-grants.ts';

/** The variables by which people sign in through an identity provider; docs/signing-in.md tells them together. */
export const PROVIDER_VARIABLES = {
  PUNCTUAL_OIDC_ISSUER: z
    .string()
    .refine(isIssuer, 'an address that begins with https:// (http:// only for this host itself)')
    .optional()
    .describe(
      'Address of an OpenID Connect provider, as it names itself. With PUNCTUAL_OIDC_CLIENT_ID and PUNCTUAL_OIDC_CLIENT_SECRET people sign in through it; it sends them back to /sign-in/provider.',
    ),
  PUNCTUAL_OIDC_CLIENT_ID: z
    .string()
    .max(1_000, 'at most 1000 characters')
    .optional()
    .describe('Punctual’s name at that provider.'),
  PUNCTUAL_OIDC_CLIENT_SECRET: z
    .string()
    .max(4_000, 'at most 4000 characters')
    .optional()
    .describe('Punctual’s secret at that provider.'),
  PUNCTUAL_OIDC_NAME: z
    .string()
    .max(40, 'at most 40 characters')
    .default('single sign-on')
    .describe('What people call that provider: “Sign in through …”.'),
  PUNCTUAL_OIDC_SCOPES: z
    .string()
    .regex(
      /^(?=.*\bopenid\b)[\x21-\x7e]+( [\x21-\x7e]+)*$/,
      'scopes separated by blanks, with openid',
    )
    .default('openid email profile')
    .describe('Scopes that Punctual asks for. Some providers tell groups only with one more.'),
  PUNCTUAL_OIDC_GROUPS_CLAIM: z
    .string()
    .max(200, 'at most 200 characters')
    .default('groups')
    .describe('Claim of the provider that lists a person’s groups.'),
  PUNCTUAL_OIDC_GRANTS: z
    .string()
    .default('')
    .transform((text, context) => {
      const read = readGroupGrants(text);
      if (read.ok) return read.grants;
      context.addIssue({
        code: 'custom',
        message: `group=role pairs separated by commas, and ${read.message}`,
      });
      return z.NEVER;
    })
    .describe(
      'What people in the provider’s groups may do, as group=role separated by commas, for example admins=admin,ops=operator,billing-ops=operator@team=billing. Empty: the provider signs in those who have an account, and admins say what they may do.',
    ),
  PUNCTUAL_PASSWORDS: z
    .enum(['on', 'off'], { error: 'on or off' })
    .default('on')
    .describe(
      'Whether people may sign in with a password. With off they come through the provider; the first admin, and whom `punctual admin reset` lets in, still may.',
    ),
} as const;

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash, username } = new URL(text);
  if (search !== '' || hash !== '' || username !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

export const isLoopback = (hostname: string) =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

type Given = {
  PUNCTUAL_OIDC_ISSUER?: string | undefined;
  PUNCTUAL_OIDC_CLIENT_ID?: string | undefined;
  PUNCTUAL_OIDC_CLIENT_SECRET?: string | undefined;
  PUNCTUAL_OIDC_GRANTS: readonly unknown[];
  PUNCTUAL_PASSWORDS: 'on' | 'off';
};

/** What is missing beside what is set, as a sentence; null where all is there. */
export function incompleteProvider(given: Given): string | null {
  const names = [
    'PUNCTUAL_OIDC_ISSUER',
    'PUNCTUAL_OIDC_CLIENT_ID',
    'PUNCTUAL_OIDC_CLIENT_SECRET',
  ] as const;
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length === 0) return null;
  const asked =
    given.PUNCTUAL_PASSWORDS === 'off'
      ? 'PUNCTUAL_PASSWORDS is off'
      : given.PUNCTUAL_OIDC_GRANTS.length > 0
        ? 'PUNCTUAL_OIDC_GRANTS is set'
        : missing.length < names.length
          ? `${names.filter((name) => given[name] !== undefined).join(' and ')} ${missing.length === 2 ? 'is' : 'are'} set`
          : null;
  return (
    asked &&
    `${asked}, and ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not: people couldn’t sign in through a provider.`
  );
}
