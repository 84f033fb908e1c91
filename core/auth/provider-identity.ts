import { z } from 'zod';
import { Email, PersonName } from './account.ts';

/** Whom the provider has named. */
export type Identity = {
  /** The same for ever, whatever becomes of name and address: issuer and subject. */
  key: string;
  email: string | null;
  isEmailVerified: boolean;
  name: string;
  groups: string[];
};

const Claims = z.looseObject({
  sub: z.string().min(1).max(1_000),
  email: z.string().optional().catch(undefined),
  email_verified: z
    .union([z.boolean(), z.enum(['true', 'false'])])
    .optional()
    .catch(undefined),
  name: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
});

/** Reads claims of an ID token that was checked, and of the user info that belongs to it. */
export function identityOf(
  claims: Readonly<Record<string, unknown>>,
  { issuer, groupsClaim }: { issuer: string; groupsClaim: string },
): Identity {
  const { sub, email, email_verified, name, preferred_username } = Claims.parse(claims);
  const address = Email.safeParse(email ?? '').data ?? null;
  const names = [name, preferred_username, address?.split('@')[0]];
  const called = names.map((each) => PersonName.safeParse(each).data).find(Boolean);
  return {
    key: `${issuer} ${sub}`,
    email: address,
    isEmailVerified: email_verified === true || email_verified === 'true',
    name: called ?? 'Somebody',
    groups: groupsIn(claims, groupsClaim),
  };
}

/** Whether the claims name any group: some providers tell them in the user info alone. */
export function groupsIn(claims: Readonly<Record<string, unknown>>, claim: string): string[] {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : at(claims, claim.split('.'));
  const listed = typeof value === 'string' ? [value] : value;
  return Array.isArray(listed)
    ? listed.filter((each): each is string => typeof each === 'string')
    : [];
}

/** `realm_access.roles` is a list inside of an object. */
function at(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, first)) return undefined;
  return at((value as Record<string, unknown>)[first], rest);
}
