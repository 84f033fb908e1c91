import { randomBytes } from 'node:crypto';

/**
 * Writes what nobody expected to the process's log, as a JSON line, whole: for whoever runs Punctual.
 * @returns the id that it is logged under, which is all that the person in front of it is shown
 */
export function reportUnexpected(error: unknown): string {
  const errorId = randomBytes(4).toString('hex');
  const line = {
    level: 'error',
    time: new Date().toISOString(),
    msg: 'unexpected error',
    errorId,
    error: error instanceof Error ? describe(error) : String(error),
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
  return errorId;
}

function describe(error: Error): string {
  const text = error.stack ?? error.message;
  return error.cause instanceof Error ? `${text}\ncaused by ${describe(error.cause)}` : text;
}
