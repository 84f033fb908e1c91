import { z } from 'zod';
import { type CompiledSchedule, compileSchedule } from '../schedules/compile.ts';
import { JobDefinition } from './definition.ts';

const {
  schedule,
  catchUp,
  catchUpMost,
  catchUpPerMinute,
  startDeadlineMs,
  queue,
  priority,
  overlap,
  maxParallel,
  mayRunTwice,
  runsOn,
} = JobDefinition.shape;

const PlanRules = z.object({
  schedule,
  catchUp,
  catchUpMost,
  catchUpPerMinute,
  startDeadlineMs,
  queue,
  kind: z.string(),
  priority,
  overlap,
  maxParallel,
  mayRunTwice,
  runsOn,
});

/** What planning needs of a revision: when it fires, and what its runs copy from it. */
export type PlanRules = z.output<typeof PlanRules>;

export function planRules({ work, ...definition }: JobDefinition): PlanRules {
  return {
    schedule: definition.schedule,
    catchUp: definition.catchUp,
    catchUpMost: definition.catchUpMost,
    catchUpPerMinute: definition.catchUpPerMinute,
    startDeadlineMs: definition.startDeadlineMs,
    queue: definition.queue,
    kind: work.kind,
    priority: definition.priority,
    overlap: definition.overlap,
    maxParallel: definition.maxParallel,
    mayRunTwice: definition.mayRunTwice,
    runsOn: definition.runsOn,
  };
}

/**
 * What a saved revision says, which an earlier or later version of the program may have written.
 * @throws ZodError when this version can't plan by it
 */
export function parsePlanRules(saved: unknown): PlanRules {
  return PlanRules.parse(saved);
}

/** A planner keeps the rules of a revision, and with them what was compiled of them. */
const compiled = new WeakMap<PlanRules, CompiledSchedule>();

/** @throws Error where the schedule can't be reckoned */
export function compiledOf(rules: PlanRules): CompiledSchedule {
  const known = compiled.get(rules) ?? compileSchedule(rules.schedule);
  compiled.set(rules, known);
  return known;
}
