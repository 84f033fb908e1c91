import type { Grant } from './grants.ts';
import { Grant as GrantSchema } from './grants.ts';
import { usualGrant } from './usual-grant.ts';
import { EXTRA_PERMISSIONS, type ExtraPermission, type Role, ROLES } from './permission-table.ts';

/** Whoever is in the group has the grant; `*` is everybody whom the provider knows. */
export type GroupGrant = { group: string; grant: Grant };

export type ReadGrants = { ok: true; grants: GroupGrant[] } | { ok: false; message: string };

/**
 * Reads PUNCTUAL_OIDC_GRANTS: `group=role`, with `+permission` for what is given one by one and `@name=value` for a
 * label, separated by commas; a group whose name has a comma or an equals sign stands in double quotes.
 *
 *     admins=admin, ops=operator, billing-ops=operator+job:write_when@team=billing, "cn=eyes,dc=example"=viewer
 */
export function readGroupGrants(text: string): ReadGrants {
  const grants: GroupGrant[] = [];
  for (const part of partsOf(text)) {
    const entry = ENTRY.exec(part);
    if (!entry) return { ok: false, message: `“${part}” isn’t of the form group=role` };
    const { quoted, bare, role, extra, name, value } = entry.groups as Record<string, string>;
    const group = (quoted ?? bare ?? '').trim();
    if (group === '') return { ok: false, message: `“${part}” names no group` };
    const read = grantOf({ role: role!, extra, name, value });
    if ('message' in read) return { ok: false, message: `“${part}”: ${read.message}` };
    grants.push({ group, grant: read.grant });
  }
  return { ok: true, grants };
}

const ENTRY =
  /^(?:"(?<quoted>[^"]+)"|(?<bare>[^="]+))\s*=\s*(?<role>[a-z]+)(?<extra>(?:\+[a-z_:]+)*)(?:@(?<name>[^=@]+)=(?<value>.*))?$/;

/** At commas outside of quotes. */
function partsOf(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^,"]|")+/g) ?? []).map((part) => part.trim()).filter(Boolean);
}

type Written = {
  role: string;
  extra: string | undefined;
  name?: string | undefined;
  value?: string | undefined;
};

function grantOf({ role, extra, name, value }: Written): { grant: Grant } | { message: string } {
  if (!isRole(role)) return { message: `${role} is no role, which are ${ROLES.join(', ')}` };
  const label = name === undefined ? null : { name: name.trim(), value: (value ?? '').trim() };
  const usual = usualGrant(role, label);
  const more = (extra ?? '').split('+').filter(Boolean);
  const unknown = more.find((each) => !(EXTRA_PERMISSIONS as string[]).includes(each));
  if (unknown !== undefined) {
    return { message: `${unknown} isn’t given one by one, as are ${EXTRA_PERMISSIONS.join(', ')}` };
  }
  const parsed = GrantSchema.safeParse({
    ...usual,
    extra: [...new Set([...usual.extra, ...(more as ExtraPermission[])])],
  });
  return parsed.success ? { grant: parsed.data } : { message: parsed.error.issues[0]!.message };
}

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** What somebody in these groups may do: for everything and for each label the highest role, with all extras given. */
export function grantsOfGroups(mapping: readonly GroupGrant[], groups: readonly string[]): Grant[] {
  const places = new Map<string, Grant>();
  for (const { group, grant } of mapping) {
    if (group !== '*' && !groups.includes(group)) continue;
    const place = JSON.stringify(grant.label);
    const before = places.get(place);
    places.set(place, before ? together(before, grant) : grant);
  }
  return [...places.values()];
}

function together(one: Grant, other: Grant): Grant {
  const [lower, higher] =
    ROLES.indexOf(one.role) <= ROLES.indexOf(other.role) ? [one, other] : [other, one];
  if (higher.role === 'admin') return higher;
  return { ...higher, extra: [...new Set([...lower.extra, ...higher.extra])] };
}
