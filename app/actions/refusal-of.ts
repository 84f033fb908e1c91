import { randomBytes } from 'node:crypto';
import { NotAllowed } from '#core/auth/permissions.ts';
import { isDatabaseAway } from '#core/database-away.ts';
import { refuse, type Refused } from '#core/outcome.ts';

/**
 * What a person is told of something that was thrown: never its text. What nobody expected is logged with an id, and
 * the id is shown.
 */
export function refusalOf(error: unknown): Refused {
  if (error instanceof NotAllowed) return refuse('not_allowed', error.message);
  if (isDatabaseAway(error)) {
    return refuse(
      'unavailable',
      'The database doesn’t answer. Punctual goes on by itself when it is back; look then whether this was done.',
    );
  }
  const id = randomBytes(4).toString('hex');
  console.error(
    JSON.stringify({
      level: 'error',
      at: new Date().toISOString(),
      msg: 'unexpected error',
      errorId: id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  );
  return refuse(
    'unexpected',
    `Punctual ran into something that it doesn’t expect. Its log has the details under ${id}.`,
  );
}
