import { CommandProblem } from './installation.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const AGO = /^(\d{1,6})(s|m|h|d|w)$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * An instant as a person writes it on a command line: 2026-03-09T08:00:00Z (or with an offset), a day in UTC, or so long
 * ago (30m, 24h, 7d).
 *
 * @param option its name, for the sentence
 * @throws CommandProblem when it can't be read
 */
export function readInstant(option: string, text: string, now: Date): Date {
  const ago = AGO.exec(text);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * UNITS_MS[ago[2]!]!);
  const day = DAY.test(text) ? `${text}T00:00:00Z` : text;
  const instant = new Date(INSTANT.test(day) ? day : Number.NaN);
  // A day that no month has, such as 2026-02-30, is moved on by Date: not what was meant.
  const isThere = Number.isFinite(instant.getTime());
  if (isThere && (!DAY.test(text) || instant.toISOString().startsWith(text))) return instant;
  throw new CommandProblem(
    `${option} ${text} is no instant. Give one such as 2026-03-09T08:00:00Z, a day such as 2026-03-09 (UTC), ` +
      'or so long ago: 30m, 24h, 7d.',
  );
}
