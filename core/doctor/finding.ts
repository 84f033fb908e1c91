import type { Sql } from '../db.ts';

/** Something that isn't as it has to be (`error`), or that would be better otherwise (`advice`). */
export type Finding = {
  /** What was looked at: `setting.fsync`, `orphans`, `ticks`. */
  check: string;
  level: 'error' | 'advice';
  /** What is wrong, in a sentence. */
  says: string;
  /** What to do. */
  fix: string;
  /**
   * What `--fix` does: only what is safe while everything runs, and again where it was done already. Gives a sentence about
   * what was done, for the terminal and the audit trail; null where nothing was to be done any more.
   */
  mend?: (sql: Sql) => Promise<string | null>;
};
