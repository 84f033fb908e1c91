import { createLoader, parseAsInteger, parseAsString } from 'nuqs/server';

/** What of the trail stands in the address. `entry` is unfolded; `cursor` names the page. */
export const auditParsers = {
  text: parseAsString.withDefault(''),
  who: parseAsString,
  action: parseAsString,
  subject: parseAsString,
  job: parseAsString,
  from: parseAsString,
  to: parseAsString,
  cursor: parseAsString,
  entry: parseAsInteger,
};

export const readAuditAddress = createLoader(auditParsers);
export type AuditAddress = Awaited<ReturnType<typeof readAuditAddress>>;
export type ChangeAudit = (change: Partial<AuditAddress>) => void;

export const ENTRIES_ON_PAGE = 50;

/** Which entries are meant. The same on both sides, since it is part of the queries' keys. */
export function auditFilters({ text, who, action, subject, job, from, to }: AuditAddress) {
  return { who, action, subject, job, from, to, text: text.trim() || null };
}
export type AuditFilters = ReturnType<typeof auditFilters>;

export const NO_FILTERS = {
  text: '',
  who: null,
  action: null,
  subject: null,
  job: null,
  from: null,
  to: null,
} satisfies Partial<AuditAddress>;

export const isFiltered = (address: AuditAddress) =>
  Object.values(auditFilters(address)).some((value) => value !== null);

/** As a query: of the read, of the export. */
export function searchOf(given: Readonly<Record<string, string | number | null>>): string {
  return new URLSearchParams(
    Object.entries(given).flatMap(([name, value]) =>
      value === null ? [] : [[name, String(value)]],
    ),
  ).toString();
}
