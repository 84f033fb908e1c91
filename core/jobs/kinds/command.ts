import { z } from 'zod';
import { EnvironmentVariables } from './environment-variables.ts';

const noNul = (text: string) => !text.includes('\0');

/** A program and its arguments, started without a shell. An argument may name a parameter as {{param.NAME}}. */
export const CommandConfig = z.object({
  kind: z.literal('command'),
  program: z
    .string()
    .trim()
    .min(1, 'Name the program to start, for example /usr/bin/rsync.')
    .max(1_000, 'The program’s path has at most 1,000 characters.')
    .refine(noNul, 'A path has no NUL character.'),
  args: z
    .array(
      z
        .string()
        .max(10_000, 'An argument has at most 10,000 characters.')
        .refine(noNul, 'An argument has no NUL character.'),
    )
    .max(500, 'There are at most 500 arguments.')
    .default([]),
  /** Working folder; empty: a new empty folder for each attempt. */
  cwd: z
    .string()
    .trim()
    .max(1_000)
    .refine(
      (path) => path === '' || path.startsWith('/'),
      'The working folder is an absolute path.',
    )
    .default(''),
  environment: EnvironmentVariables,
});
export type CommandConfig = z.output<typeof CommandConfig>;
