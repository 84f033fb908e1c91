import { completeSchedule } from '../schedules/complete.ts';
import type { JobDefinition } from './definition.ts';

/**
 * A definition as a revision holds it: whatever decides when the job fires stands in it, so that the ledger of any
 * stretch can be reckoned again from revisions alone.
 * @param before what the job's newest revision says; null for a new job
 */
export function completeDefinition(
  definition: JobDefinition,
  before: JobDefinition | null,
  now: Date,
): JobDefinition {
  const { key, schedule } = definition;
  return {
    ...definition,
    schedule: completeSchedule(schedule, { key, now, before: before?.schedule ?? null }),
  };
}
