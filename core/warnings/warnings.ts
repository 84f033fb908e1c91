import type { Facts } from './facts.ts';
import { collides, overCapacity } from './of-queue.ts';
import {
  manyRows,
  missingHour,
  neverFires,
  onlyLeapDay,
  slowerThanInterval,
} from './of-schedule.ts';
import type { Warning } from './warning.ts';

// In the order in which they are told: what keeps it from running, then what hurts it, then what hurts others.
const RULES: readonly ((facts: Facts) => Warning | null)[] = [
  ({ trialRevision }) =>
    trialRevision === null ? null : { key: 'ends_trial', revision: trialRevision },
  neverFires,
  onlyLeapDay,
  missingHour,
  slowerThanInterval,
  overCapacity,
  collides,
  manyRows,
];

/** All that is to be said of a job before it is saved. */
export const warningsOf = (facts: Facts): Warning[] => RULES.flatMap((rule) => rule(facts) ?? []);
