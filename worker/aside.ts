import { performance } from 'node:perf_hooks';
import type { Revision } from '#core/jobs/planning.sql.ts';

/** How long a job that can't be planned is left alone; an edit of it counts at once. */
const ASIDE_MS = 30_000;

/** Revisions that could not be planned lately. */
export class Aside {
  readonly #untilMs = new Map<string, { job: Revision; untilMs: number }>();

  add(job: Revision): void {
    this.#untilMs.set(keyOf(job), { job, untilMs: performance.now() + ASIDE_MS });
  }

  revisions(): Revision[] {
    for (const [key, { untilMs }] of this.#untilMs) {
      if (untilMs <= performance.now()) this.#untilMs.delete(key);
    }
    return [...this.#untilMs.values()].map(({ job }) => job);
  }
}

const keyOf = ({ jobId, revision }: Revision) => `${jobId}.${revision}`;
