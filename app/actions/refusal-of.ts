import { NotAllowed } from '#core/auth/permissions.ts';
import { codeOfAway } from '#core/database-away.ts';
import { refuse, type Refused } from '#core/outcome.ts';
import { reportNotAllowed, reportUnexpected } from '#core/report-unexpected.ts';

/**
 * What a person is told of something that was thrown: never its text. What nobody expected is logged with an id, and
 * the id is shown.
 */
export function refusalOf(error: unknown): Refused {
  if (error instanceof NotAllowed) {
    reportNotAllowed(error);
    return refuse('not_allowed', error.message, error.fields);
  }
  const away = codeOfAway(error);
  if (away !== undefined) return refuse('unavailable', AWAY[away] ?? AWAY_ANYHOW);
  const id = reportUnexpected(error);
  return refuse(
    'unexpected',
    `Punctual ran into something that it doesn’t expect. Its log has the details under ${id}.`,
  );
}

const AWAY_ANYHOW =
  'The database doesn’t answer. Punctual goes on by itself when it is back; look then whether this was done.';

/** Where the database says what keeps it, by its SQLSTATE: it has refused, so nothing was done. */
const AWAY: Readonly<Record<string, string>> = {
  '25006':
    'The database takes no changes: it is read-only, as a standby is before it is promoted. Nothing was done. Punctual goes on by itself once it takes them again.',
  '53100':
    'The disk of the database is full. Nothing was done. Make room there; Punctual goes on by itself.',
  '53300':
    'The database has no connection left for the console. Nothing was done. Try again in a moment; page Health says what to do about it.',
};
