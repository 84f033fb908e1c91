import { writeFileSync } from 'node:fs';
import { MOST_STATE_BYTES } from '#core/job-state/limits.ts';
import { stateText } from '#core/job-state/state-text.ts';
import type { Answer } from '../kind.ts';
import { type AttemptFolder, readWithin } from './attempt-folder.ts';

/** The file is there from the first run on, then empty, so that a script need not ask whether it is. */
export function writeState(folder: AttemptFolder, state: string): void {
  writeFileSync(folder.state, state, { mode: 0o600 });
}

/**
 * Adds to a process's good end what it left in PUNCTUAL_STATE. A run whose state can't be kept has failed: the next one
 * would go on from where this one began, and nobody would know.
 *
 * @param before what the file held when the process started
 */
export function answerWithState(answer: Answer, folder: AttemptFolder, before: string): Answer {
  if (!answer.ok || answer.wasStopped) return answer;
  const bytes = readWithin(folder.state, MOST_STATE_BYTES);
  if (bytes === 'unreadable') return refused(answer, 'it is no file that can be read');
  const read = bytes === 'missing' ? { ok: true as const, text: '' } : stateText(bytes);
  if (!read.ok) return refused(answer, read.problem);
  return read.text === before ? answer : { ...answer, newState: read.text };
}

const refused = (answer: Answer, problem: string): Answer => ({
  ...answer,
  ok: false,
  cause: `the state in PUNCTUAL_STATE can’t be kept: ${problem}`,
});
