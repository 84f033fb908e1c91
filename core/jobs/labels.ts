import { z } from 'zod';

export const LabelName = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9._/-]{0,61}[a-z0-9])?$/i,
    'A label is made of letters, digits, dots, slashes and hyphens, at most 63.',
  );

export const LabelValue = z.string().max(63, 'A label’s value has at most 63 characters.');

export const Labels = z
  .record(LabelName, LabelValue)
  .refine((labels) => Object.keys(labels).length <= 32, 'A job has at most 32 labels.');
