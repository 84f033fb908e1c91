import path from 'node:path';
import { defineConfig } from 'vitest/config';

// Some hundred processes of Node start in a run: compiled before, each takes half as long.
process.env['NODE_COMPILE_CACHE'] ??= path.join(import.meta.dirname, 'node_modules/.cache/node');

// Two cores: a second file runs while the first waits for Postgres or for a process.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{core,worker,components,cli,app}/**/*.test.{ts,tsx}',
            'tests/unit/**/*.test.ts',
          ],
          setupFiles: 'tests/support/properties.ts',
          testTimeout: 20_000,
          // One less than there are cores is Vitest's own choice.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'db',
          include: ['tests/db/**/*.test.ts'],
          setupFiles: 'tests/support/properties.ts',
          globalSetup: 'tests/support/database-setup.ts',
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          globalSetup: 'tests/support/faults-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Faults wait for leases most of the time; those that don't come one after the other (tests/faults/run.ts).
          maxWorkers: Number(process.env['PUNCTUAL_FAULTS_AT_ONCE'] ?? 4),
        },
      },
    ],
  },
});
