import type { z } from 'zod';
import type { Outcome } from '#core/outcome.ts';
import type {
  AddSecret,
  LimitSecret,
  RemoveSecret,
  ReplaceSecret,
} from '#core/secrets/change-secrets.ts';

type Action<Schema extends z.ZodType> = (input: z.input<Schema>) => Promise<Outcome<null>>;

/** The server actions that the page hands down. */
export type SecretActions = {
  add: Action<typeof AddSecret>;
  replace: Action<typeof ReplaceSecret>;
  limit: Action<typeof LimitSecret>;
  remove: Action<typeof RemoveSecret>;
};
