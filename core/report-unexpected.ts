import { randomBytes } from 'node:crypto';
import type { NotAllowed } from './auth/permissions.ts';

/**
 * Writes what nobody expected to the process's log, as a JSON line, whole: for whoever runs Punctual.
 * @returns the id that it is logged under, which is all that the person in front of it is shown
 */
export function reportUnexpected(error: unknown): string {
  const errorId = randomBytes(4).toString('hex');
  write('error', 'unexpected error', {
    errorId,
    error: error instanceof Error ? describe(error) : String(error),
  });
  return errorId;
}

/** Says who asked for what their grants don't give: somebody may be trying doors. */
export function reportNotAllowed({ actor, permission }: NotAllowed): void {
  write('warn', 'not allowed', {
    actor: actor.name,
    permission,
    address: actor.kind === 'user' ? actor.address : null,
  });
}

/** Says what the console has noticed about Punctual itself, with the check and what it is about. */
export function reportHealth(
  level: 'error' | 'info',
  sentence: string,
  facts: Readonly<Record<string, string>>,
): void {
  write(level, sentence, facts);
}

function write(level: string, msg: string, facts: Record<string, unknown>): void {
  const line = { level, time: new Date().toISOString(), msg, ...facts };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

function describe(error: Error): string {
  const text = error.stack ?? error.message;
  return error.cause instanceof Error ? `${text}\ncaused by ${describe(error.cause)}` : text;
}
