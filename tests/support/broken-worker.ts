import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where and how a worker process breaks by itself (tests/support/breakable-process.ts). */
export type Break = {
  /** Of an attempt's process; `after claim`: when all is ready for its start, and the last question not asked yet. */
  where: 'after claim' | 'before start' | 'after start' | 'after exit';
  how: 'SIGKILL' | 'SIGSTOP' | 'block';
  /** At which of the attempts that it executes; default the first. */
  nth?: number;
};

const PROGRAM = pathToFileURL(path.join(import.meta.dirname, 'breakable-process.ts')).href;

/**
 * Environment of a worker that breaks at an attempt, with `{ msg: 'broken here', runId, attempt }` in its log; and whose
 * event loop SIGUSR2 blocks for `blockMs`, with `{ msg: 'blocked here' }`. Once it goes on it says `went on here`.
 */
export function breakable(at: Break | null, { blockMs = 0 } = {}): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${PROGRAM}`,
    PUNCTUAL_TEST_BLOCK_MS: String(blockMs),
    ...(at ? { PUNCTUAL_TEST_BREAK: JSON.stringify(at) } : {}),
  };
}
