import { circuitColumn } from '../circuits/circuit-rule.ts';
import { countsFromEnd } from '../schedules/from-end.ts';
import type { JobDefinition } from './definition.ts';
import { secretsOf } from './secret-uses.ts';

/** What a job's row copies from its current revision, so that lists and statements needn't open the definition. */
export type JobColumns = {
  key: string;
  kind: string;
  queue: string;
  owner: string;
  labels: Record<string, string>;
  hasSchedule: boolean;
  /** Its ticks are counted from the end of its last run. */
  countsFromEnd: boolean;
  calendar: string | null;
  /** The circuit that it goes by: `job` for its own, `host:…`; null: none. */
  circuit: string | null;
  retentionDays: number | null;
  keepRuns: number | null;
  /** Names of the secrets that it uses. */
  secrets: string[];
};

export function jobColumns(definition: JobDefinition): JobColumns {
  return {
    key: definition.key,
    kind: definition.work.kind,
    queue: definition.queue,
    owner: definition.owner,
    labels: definition.labels,
    hasSchedule: definition.schedule.type !== 'manual',
    countsFromEnd: countsFromEnd(definition.schedule),
    calendar: calendarOf(definition)?.key ?? null,
    circuit: circuitColumn(definition),
    retentionDays: definition.retentionDays,
    keepRuns: definition.keepRuns,
    secrets: secretsOf(definition.work),
  };
}

/** The calendar that a job's schedule names. */
export function calendarOf({ schedule }: Pick<JobDefinition, 'schedule'>) {
  return schedule.type === 'manual' ? undefined : schedule.calendar;
}
