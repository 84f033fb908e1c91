import type { Actor } from './auth/permissions.ts';

type Turn = { now: Promise<unknown>; next: Promise<unknown> | null };

const held = globalThis as { punctualReads?: Map<string, Turn> };

/**
 * One answer for all who ask the same at the same time: while a read goes on, whoever asks for it waits for the next, with
 * all others who did. So fifty readers of a page cost the database what one costs who asks without a pause, and nobody is
 * told anything that was read before they asked.
 *
 * @param actor people with other rights get another answer; who they are mustn't matter to it
 * @param asked name of the read and its input, as JSON can tell it; the answer is shared, and not to be changed
 */
export function readTogether<Value>(
  actor: Actor,
  asked: readonly unknown[],
  read: () => Promise<Value>,
): Promise<Value> {
  held.punctualReads ??= new Map();
  const turns = held.punctualReads;
  const key = JSON.stringify([actor.kind === 'user' ? actor.grants : null, ...asked]);
  const turn = turns.get(key);
  if (turn) return (turn.next ??= turn.now.then(begin, begin)) as Promise<Value>;
  return begin();

  function begin(): Promise<Value> {
    const now = read();
    const own: Turn = { now, next: null };
    turns.set(key, own);
    const over = () => {
      // Where somebody waits, the next has taken this place, or will at once.
      if (turns.get(key) === own && own.next === null) turns.delete(key);
    };
    now.then(over, over);
    return now;
  }
}
