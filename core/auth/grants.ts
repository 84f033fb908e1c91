import { z } from 'zod';
import { LabelName, LabelValue } from '../jobs/labels.ts';
import { EXTRA_PERMISSIONS, mayHold, ROLES, ruleOf } from './permission-table.ts';

/** A role for all jobs and the installation (`label` null), or for the jobs that carry a label. */
export const Grant = z
  .object({
    role: z.enum(ROLES, { error: `Choose a role: ${ROLES.join(', ')}.` }),
    label: z.object({ name: LabelName, value: LabelValue }).nullable().default(null),
    extra: z
      .array(z.enum(EXTRA_PERMISSIONS, { error: `One of ${EXTRA_PERMISSIONS.join(', ')}.` }))
      .max(EXTRA_PERMISSIONS.length)
      .default([]),
  })
  .refine(({ role, label }) => role !== 'admin' || label === null, {
    path: ['label'],
    message: 'An admin is one for everything. Choose another role for a label.',
  })
  .superRefine(({ role, extra }, context) => {
    for (const [place, name] of extra.entries()) {
      if (mayHold(role, name)) continue;
      const message = `${name} can’t be given with the role ${role}: it takes ${ruleOf(name).from}.`;
      context.addIssue({ code: 'custom', path: ['extra', place], message });
    }
  });
export type Grant = z.output<typeof Grant>;

/** All that a person may do, by their grants together. */
export const Grants = z
  .array(Grant)
  .min(1, 'Give at least one role.')
  .max(50, 'Give at most 50 roles.')
  .refine((grants) => new Set(grants.map(placeOf)).size === grants.length, {
    message: 'Give one role for each label, and one for everything.',
  });
export type Grants = z.output<typeof Grants>;

const placeOf = ({ label }: { label: Grant['label'] }) => JSON.stringify(label);

/** As they stand in the database; what another version wrote and this one can't read gives nothing. */
export function grantsOf(stored: unknown): Grant[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((each) => Grant.safeParse(each).data ?? []);
}
