import { onTestFinished } from 'vitest';
import { closeConnections } from '#core/prisma.ts';
import { TEST_SECRET_KEY } from '#tests/support/web.ts';
import type { World } from '../world.ts';

/** Connects the use-cases of this process to a world's database. Once a file: the environment is read once. */
export function connectUseCases({ db }: World): void {
  Object.assign(process.env, {
    DATABASE_URL: db.url,
    PUNCTUAL_AUTH_SECRET: 'a secret for tests alone, 32 letters long',
    PUNCTUAL_SECRET_KEY: TEST_SECRET_KEY,
  });
  onTestFinished(closeConnections);
}
