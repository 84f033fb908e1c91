import { z } from 'zod';

/** A duty of a worker, as it says with its heartbeat. Lengths in ms. */
export type DutyReport = {
  name: string;
  /** Since its last pass ended well; before the first one: since it began. */
  passedMsAgo: number;
  /** How long that pass took. */
  tookMs: number;
  /** In how long, from then, it was to look again. */
  everyMs: number;
  /** Passes in a row that ended with an error. */
  failures: number;
  /** Errors since the worker started. */
  errors: number;
  /** Since the pass began that is under way; null: none is. */
  underWayMs: number | null;
};

/** What a worker said of a duty, as of now. */
export type SaidOfDuty = DutyReport & {
  /** How late it was when the worker said so: what it did since then nobody knows yet. */
  overdueMs: number;
};

export type WorkerReport = {
  duties: SaidOfDuty[];
  /** Since the worker last started a run of a queue. */
  startedMsAgo: Readonly<Record<string, number>>;
};

const ms = z.number();
const Duty = z.tuple([z.string(), ms, ms, ms, z.number(), z.number(), ms.nullable()]);
const Report = z.object({
  duties: z.array(Duty).default([]),
  started: z.record(z.string(), ms).default({}),
});

/** As short as can be: a row of `worker` is written anew with each heartbeat, and has to stay in its page. */
export function writeReport({
  duties,
  startedMsAgo,
}: Pick<WorkerReport, 'startedMsAgo'> & { duties: readonly DutyReport[] }): string {
  const report: z.input<typeof Report> = {
    duties: duties.map((duty) => [
      duty.name,
      Math.round(duty.passedMsAgo),
      Math.round(duty.tookMs),
      Math.round(duty.everyMs),
      duty.failures,
      duty.errors,
      duty.underWayMs === null ? null : Math.round(duty.underWayMs),
    ]),
    started: Object.fromEntries(
      Object.entries(startedMsAgo).map(([queue, ago]) => [queue, Math.round(ago)]),
    ),
  };
  return JSON.stringify(report);
}

/**
 * What a worker said so long ago, as of now. A worker of another version may say it otherwise, or nothing: then it has
 * no duties.
 */
export function readReport(saved: unknown, saidMsAgo: number): WorkerReport {
  const report = Report.safeParse(saved).data ?? { duties: [], started: {} };
  return {
    duties: report.duties.map(
      ([name, passedMsAgo, tookMs, everyMs, failures, errors, underWayMs]) => ({
        name,
        passedMsAgo: passedMsAgo + saidMsAgo,
        tookMs,
        everyMs,
        failures,
        errors,
        underWayMs: underWayMs === null ? null : underWayMs + saidMsAgo,
        overdueMs: Math.max(0, passedMsAgo - everyMs),
      }),
    ),
    startedMsAgo: Object.fromEntries(
      Object.entries(report.started).map(([queue, ago]) => [queue, ago + saidMsAgo]),
    ),
  };
}
