import { NotAllowed } from '#core/auth/permissions.ts';
import { isDatabaseAway } from '#core/database-away.ts';
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
  if (isDatabaseAway(error)) {
    return refuse(
      'unavailable',
      'The database doesn’t answer. Punctual goes on by itself when it is back; look then whether this was done.',
    );
  }
  const id = reportUnexpected(error);
  return refuse(
    'unexpected',
    `Punctual ran into something that it doesn’t expect. Its log has the details under ${id}.`,
  );
}
