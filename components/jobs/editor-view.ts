import type { EditedJob } from '#core/jobs/edit-job.ts';
import type { JobDefinition, JobDefinitionInput } from '#core/jobs/definition.ts';
import type { SavedJob } from '#core/jobs/create-job.ts';
import type { KindName } from '#core/jobs/kinds/kinds.ts';
import type { Outcome } from '#core/outcome.ts';
import type { ClosedTo } from './editor-closed.tsx';
import type { TrialInput } from '#core/trials/trial-input.ts';

/** The revision that an edit begins from. */
export type EditorJob = {
  id: number;
  revision: number;
  /** ISO 8601. */
  savedAt: string;
  savedBy: string;
  definition: JobDefinition;
};

/** A queue as the editor offers it. */
export type EditorQueue = {
  name: string;
  description: string;
  maxRunning: number;
  maxWaiting: number;
  defaultTimeoutMs: number;
};

/** What the installation gives to choose from. */
export type EditorOptions = {
  queues: EditorQueue[];
  /** Kinds that are switched off here. */
  kindsOff: KindName[];
  retentionDays: number | null;
};

/** What of the job its reader may not change, and the kinds that they may not give to it. */
export type EditorReachOf = { closed: ClosedTo; kinds: readonly KindName[] };

/** The server actions that the pages hand down. */
export type EditorActions = {
  create: (input: { definition: JobDefinitionInput; note: string }) => Promise<Outcome<SavedJob>>;
  edit: (input: {
    jobId: number;
    basedOnRevision: number;
    definition: JobDefinitionInput;
    note: string;
    trial?: TrialInput;
  }) => Promise<Outcome<EditedJob>>;
  restore: (input: {
    jobId: number;
    basedOnRevision: number;
    revision: number;
  }) => Promise<Outcome<EditedJob>>;
};
