import { z } from 'zod';

export const SECRET_NAME = '[A-Z][A-Z0-9_]{0,62}';

export const SecretName = z
  .string()
  .regex(
    new RegExp(`^${SECRET_NAME}$`),
    'A secret’s name has capitals, digits and underscores and begins with a capital, at most 63: API_TOKEN.',
  );

/** Shorter ones, or the same character again and again, stand in logs by chance: they couldn't be cut out. */
const LEAST_LENGTH = 6;
const LEAST_DIFFERENT = 3;
const MOST_LENGTH = 16_000;

export const SecretValue = z
  .string()
  .max(MOST_LENGTH, 'A secret has at most 16,000 characters.')
  .refine((value) => !value.includes('\0'), 'A secret has no NUL character.')
  .refine(
    canBeCutOut,
    'A secret has at least 6 characters, 3 of them different: a shorter one couldn’t be told from other words in a log, and so not be cut out.',
  );

/** Whether a value is long enough to be looked for in what a job prints. */
export function canBeCutOut(value: string): boolean {
  const trimmed = value.trim();
  return trimmed.length >= LEAST_LENGTH && new Set(trimmed).size >= LEAST_DIFFERENT;
}
