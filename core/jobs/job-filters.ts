import { z } from 'zod';
import { Key } from './definition.ts';
import { JOB_STATES } from './job-state.ts';
import { KINDS } from './kinds/kinds.ts';
import { isUnstorable } from '../storable.ts';

export const JOB_ORDERS = ['needs', 'name', 'next', 'latest'] as const;
export type JobOrder = (typeof JOB_ORDERS)[number];

const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (given) => (typeof given === 'string' ? given.split(',').filter(Boolean) : given),
    z.array(item).max(50).default([]),
  );

/** Which jobs, in which order. Labels are `name` or `name=value`; all have to fit. */
export const ListJobs = z.object({
  search: z
    .string()
    .trim()
    .max(200, 'Search for at most 200 characters.')
    .refine((text) => !isUnstorable(text), 'No job holds such a character. Search for another.')
    .nullish()
    .transform((search) => search || null),
  states: list(z.enum(JOB_STATES)),
  labels: list(z.string().min(1).max(130)),
  queues: list(Key),
  kinds: list(z.enum(KINDS)),
  order: z.enum(JOB_ORDERS).default('needs'),
  cursor: z.string().max(400).nullish().transform(readCursor),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ListJobs = z.output<typeof ListJobs>;

/** The last row of a page: its place in the order, and its key. */
export type JobCursor = { place: number; key: string };

export function writeJobCursor({ place, key }: JobCursor): string {
  return Buffer.from(JSON.stringify([place, key])).toString('base64url');
}

function readCursor(text: string | null | undefined, context: z.RefinementCtx): JobCursor | null {
  if (!text) return null;
  try {
    const [place, key] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (
      typeof place === 'number' &&
      Number.isFinite(place) &&
      typeof key === 'string' &&
      !isUnstorable(key)
    ) {
      return { place, key };
    }
  } catch {
    // Falls through to the sentence.
  }
  context.addIssue({ code: 'custom', message: 'This address isn’t whole. Go to the first page.' });
  return z.NEVER;
}
