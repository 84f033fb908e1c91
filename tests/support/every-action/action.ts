import type { Permission } from '#core/auth/permission-table.ts';
import type { Seed } from '../seeds.ts';

/** What a permission is asked for. A sample of a `job` or a `run` makes one whose job carries the seed's labels. */
export type TouchedObject =
  'job' | 'run' | 'queue' | 'calendar' | 'blackout' | 'worker' | 'installation' | 'user';

/**
 * Every server action, with what it takes to call it for real: tests walk it. One that is missing here fails
 * tests/db/every-action.test.ts.
 */
export type EveryAction = {
  /** File and export: `app/(console)/jobs/actions.ts#triggerJobs`. */
  name: string;
  /** `signed in`: about the caller alone. `open`: needs no session. */
  permission: Permission | 'signed in' | 'open';
  /** What it takes beside, for this sample. */
  also?: readonly Permission[];
  /** Each of these suffices as well. */
  mayAlso?: readonly Permission[];
  /** Its object isn’t there before. */
  isNew?: true;
  object: TouchedObject;
  /** Makes what the action works on, and gives an input that it takes. Each call makes anew. */
  sample: (seed: Seed) => unknown;
  /** The entry that the trail has afterwards; null: it changes nothing. */
  entry: string | null;
  /** Nothing was before, and nothing more is to be said of it than who and when. */
  isAllSaid?: true;
};

/** Where the pages of those who are signed in stand. */
export const CONSOLE = 'app/(console)';
