/** How an incident of a job began; the CHECK `incident_kind_known` says the same, and `trouble` besides. */
export const INCIDENT_KINDS = ['failed', 'timed_out', 'lost', 'missed', 'auto_paused'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** Of an incident that is the installation's own: `trouble` then names the check that is bad (core/health). */
export const TROUBLE = 'trouble';

/** One continuing problem of one job, from its first bad run to recovery; or of Punctual itself. */
export type Incident = {
  id: number;
  /** Null of a trouble. */
  jobId: number | null;
  trouble: string | null;
  kind: IncidentKind | typeof TROUBLE;
  openedAt: Date;
  firstRunId: number | null;
  cause: string | null;
  /** Runs that ended badly since, the first included. */
  runs: number;
  /** Ticks that became no run since. */
  missed: number;
  lastAt: Date;
  lastRunId: number | null;
  lastCause: string | null;
  /** Since when Punctual's own pause lasts. */
  pausedAt: Date | null;
  pauseReason: string | null;
  endedAt: Date | null;
  endedByRun: number | null;
};

/** The columns of an `Incident`, of the table's row `i`. */
export const INCIDENT_COLUMNS = `
  i.id, i.job_id AS "jobId", i.trouble, i.kind, i.opened_at AS "openedAt", i.first_run_id AS "firstRunId", i.cause, i.runs,
  i.missed, i.last_at AS "lastAt", i.last_run_id AS "lastRunId", i.last_cause AS "lastCause",
  i.paused_at AS "pausedAt", i.pause_reason AS "pauseReason", i.ended_at AS "endedAt",
  i.ended_by_run AS "endedByRun"`;
