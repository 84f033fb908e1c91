import type { Sql } from '#core/db.ts';
import { type PlanRules, parsePlanRules } from '#core/jobs/plan-rules.ts';
import { readPlanRules, type Revision } from '#core/jobs/planning.sql.ts';

/** Rules of revisions, which never change; the oldest are dropped past the limit. */
export class RulesByRevision {
  static readonly #limit = 50_000;
  readonly #saved = new Map<string, PlanRules | Error>();

  async load(sql: Sql, jobs: readonly Revision[]): Promise<void> {
    const missing = jobs.filter((job) => !this.#saved.has(keyOf(job)));
    if (missing.length === 0) return;
    for (const row of await readPlanRules(sql, missing)) {
      this.#saved.set(keyOf(row), parsed(row.saved));
    }
    for (const oldest of this.#saved.keys()) {
      if (this.#saved.size <= RulesByRevision.#limit) return;
      this.#saved.delete(oldest);
    }
  }

  /** @throws Error when the revision can't be planned by */
  get(job: Revision): PlanRules {
    const rules = this.#saved.get(keyOf(job));
    if (rules === undefined) throw new Error(`Revision ${job.revision} isn’t there.`);
    if (rules instanceof Error) throw rules;
    return rules;
  }

  /** Null where the revision can't be planned by. */
  find(job: Revision): PlanRules | null {
    const rules = this.#saved.get(keyOf(job));
    return rules === undefined || rules instanceof Error ? null : rules;
  }
}

function parsed(saved: unknown): PlanRules | Error {
  try {
    return parsePlanRules(saved);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const keyOf = ({ jobId, revision }: Revision) => `${jobId}.${revision}`;
