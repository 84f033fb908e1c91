import { z } from 'zod';

/** Environment that a job gives to its process. Names that Punctual sets itself are refused. */
export const EnvironmentVariables = z
  .array(
    z.object({
      name: z
        .string()
        .regex(
          /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
          'A variable’s name begins with a letter or underscore and has only letters, digits and underscores.',
        )
        .refine(
          (name) => !name.toUpperCase().startsWith('PUNCTUAL_'),
          'Names that begin with PUNCTUAL_ are set by Punctual.',
        ),
      value: z
        .string()
        .max(32_000, 'A value has at most 32,000 characters.')
        .refine((value) => !value.includes('\0'), 'A value has no NUL character.'),
    }),
  )
  .max(200, 'There are at most 200 variables.')
  .default([]);
