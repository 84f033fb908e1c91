import { z } from 'zod';
import type { Labelled } from '../auth/permissions.ts';
import { LabelName, LabelValue } from '../jobs/labels.ts';

/** Edits of jobs that carry one of these labels wait for a second person; `value` null: whatever its value. */
export const TwoPersonRule = z
  .array(z.object({ name: LabelName, value: LabelValue.nullable().default(null) }))
  .max(50, 'Name at most 50 labels.');
export type TwoPersonRule = z.output<typeof TwoPersonRule>;

/** @param sides the job as it is and as it would be: taking the label off takes two persons as well */
export function takesTwoPersons(rule: TwoPersonRule, sides: readonly Labelled[]): boolean {
  return rule.some(({ name, value }) =>
    sides.some(
      ({ labels }) => Object.hasOwn(labels, name) && (value === null || labels[name] === value),
    ),
  );
}
