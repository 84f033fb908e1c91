import type messages from '../../messages/en/why.json';
import type { WhySnapshot } from './snapshot.ts';

/** What a cause may point at: each has its words in the messages. */
export type EvidenceKey = keyof (typeof messages)['evidence'];

/** An instant, a length, how long something has been going on, how far an instant is, or words that are joined. */
export type WhyValue =
  | string
  | number
  | { at: string }
  | { ms: number }
  | { since: string }
  | { away: string }
  | { list: readonly string[] };
export type WhyValues = Readonly<Record<string, WhyValue>>;

/** Where a piece of evidence, or what mends a cause, is found. */
export type WhyTarget =
  | { to: 'job' | 'job_edit' | 'job_ledger' | 'job_proposal'; key: string }
  | { to: 'run'; id: number }
  | { to: 'queues' | 'workers' | 'installation' | 'blackouts' | 'secrets' };

/** One fact behind a cause: `evidence.<key>` in the messages has its label and its words. */
export type WhyEvidence = { key: EvidenceKey; values: WhyValues; link?: WhyTarget };

/** What would mend it: a place to go to, something that the console does at once, or a command for a terminal. */
export type WhyAction =
  | {
      key:
        | 'open_run'
        | 'open_job'
        | 'edit_job'
        | 'open_queues'
        | 'open_workers'
        | 'open_ledger'
        | 'open_proposal'
        | 'open_blackouts'
        | 'open_secrets';
      values: WhyValues;
      link: WhyTarget;
    }
  | { key: 'resume_job'; values: WhyValues; jobId: number; jobKey: string }
  | { key: 'trigger_job'; values: WhyValues; jobId: number }
  | { key: 'resume_everything'; values: WhyValues }
  | { key: 'close_circuit'; values: WhyValues; jobId: number; jobKey: string }
  | { key: 'cancel_run'; values: WhyValues; runId: number }
  | { key: 'undrain_worker'; values: WhyValues; workerId: number }
  | { key: 'start_worker'; values: WhyValues; command: string };

/**
 * How much a cause weighs: `stops` until somebody mends it, `waits` for something that passes by itself, `tells` why
 * something didn't happen, or what isn't as it should be, `fine`: all is well.
 */
export type WhyTone = 'stops' | 'waits' | 'tells' | 'fine';

export type FoundCause = {
  tone: WhyTone;
  values: WhyValues;
  evidence: WhyEvidence[];
  actions: WhyAction[];
  /** When the run starts as far as this cause is concerned, ISO 8601; null: nobody knows. */
  startsAt?: string | null;
};

/** One cause: how it is found, and what is said where it was looked for and isn't there (`fine.<key>`). */
export type CauseRule = {
  /** @param earlier the causes that weigh more and were found */
  find: (snapshot: WhySnapshot, earlier: readonly FoundCause[]) => FoundCause | null;
  fine?: (snapshot: WhySnapshot) => WhyValues | null;
};

export const iso = (ms: number) => new Date(ms).toISOString();
export const at = (ms: number) => ({ at: iso(ms) });
export const since = (ms: number) => ({ since: iso(ms) });
export const lasting = (ms: number) => ({ ms });
export const away = (ms: number) => ({ away: iso(ms) });
export const list = (words: readonly string[]) => ({ list: words });

export const openRun = (id: number): WhyAction => ({
  key: 'open_run',
  values: { id },
  link: { to: 'run', id },
});

export const editJob = ({ job }: WhySnapshot): WhyAction => ({
  key: 'edit_job',
  values: { job: job.key },
  link: { to: 'job_edit', key: job.key },
});

export const triggerJob = ({ job }: WhySnapshot): WhyAction => ({
  key: 'trigger_job',
  values: { job: job.key },
  jobId: job.id,
});

export const openWorkers: WhyAction = { key: 'open_workers', values: {}, link: { to: 'workers' } };
export const openBlackouts: WhyAction = {
  key: 'open_blackouts',
  values: {},
  link: { to: 'blackouts' },
};
export const openSecrets: WhyAction = { key: 'open_secrets', values: {}, link: { to: 'secrets' } };
export const openQueues: WhyAction = { key: 'open_queues', values: {}, link: { to: 'queues' } };
export const startWorker: WhyAction = {
  key: 'start_worker',
  values: { command: 'npm run worker' },
  command: 'npm run worker',
};
