import { z } from 'zod';
import { EnvironmentVariables } from './environment-variables.ts';

export const INTERPRETERS = ['sh', 'bash', 'python3', 'node'] as const;

/** Inline text and its interpreter. Parameters arrive as PUNCTUAL_PARAM_<NAME>, never pasted into the text. */
export const ScriptConfig = z.object({
  kind: z.literal('script'),
  interpreter: z.enum(INTERPRETERS).default('sh'),
  text: z
    .string()
    .min(1, 'Write the script.')
    .max(500_000, 'A script has at most 500,000 characters.')
    .refine((text) => !text.includes('\0'), 'A script has no NUL character.'),
  environment: EnvironmentVariables,
});
export type ScriptConfig = z.output<typeof ScriptConfig>;
