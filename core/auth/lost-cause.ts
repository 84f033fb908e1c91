import type { APIError } from 'better-auth/api';
import { databaseAway } from '../database-away.ts';
import { sqlOf } from '../db.ts';
import { webPool } from '../prisma.ts';

const WAIT_MS = 1_000;

/**
 * What to throw instead of an error that better-auth made of another: it answers a database that is away with an
 * APIError of its own, which has lost the cause, so the database is asked once more.
 */
export async function causeOf(
  error: unknown,
  askDatabase: () => Promise<unknown> = () => sqlOf(webPool())('SELECT 1'),
): Promise<unknown> {
  if (!isApiError(error) || error.statusCode < 500) return error;
  return (await answers(askDatabase)) ? error : databaseAway(error);
}

/** By its name: Next loads the library once a bundle, so that the class of one bundle is not that of another. */
export function isApiError(error: unknown): error is APIError {
  return error instanceof Error && error.name === 'APIError' && 'statusCode' in error;
}

async function answers(askDatabase: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), WAIT_MS);
  });
  const answer = askDatabase().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answer, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
