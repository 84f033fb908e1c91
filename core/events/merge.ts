import type { Change, Topic } from './events.ts';

/** What a stream carries: a change, or `*` for "anything may have changed" (the stream opened, or missed something). */
export type StreamMessage = Change | { topic: '*'; ids: [] };

const MOST_IDS = 200;

/** The changes that wait to be sent to one stream, merged by topic; the topic that waits longest goes first. */
export class PendingChanges {
  #everything = false;
  readonly #ids = new Map<Topic, Set<number> | 'many'>();

  add(message: StreamMessage): void {
    if (message.topic === '*') {
      this.#everything = true;
      this.#ids.clear();
      return;
    }
    if (this.#everything) return;
    const known = this.#ids.get(message.topic);
    if (known === 'many') return;
    const ids = known ?? new Set<number>();
    for (const id of message.ids) ids.add(id);
    const isMany = message.ids.length === 0 || ids.size > MOST_IDS;
    this.#ids.set(message.topic, isMany ? 'many' : ids);
  }

  take(): StreamMessage | null {
    if (this.#everything) {
      this.#everything = false;
      return { topic: '*', ids: [] };
    }
    for (const [topic, ids] of this.#ids) {
      this.#ids.delete(topic);
      return { topic, ids: ids === 'many' ? [] : [...ids] };
    }
    return null;
  }
}
