import type { JobDefinition } from './definition.ts';

/** What somebody saved since an editor was opened, for the editor to show beside what was typed. */
export type NewerRevision = {
  revision: number;
  savedBy: string;
  savedAt: Date;
  note: string;
  definition: JobDefinition;
};
