import type { ZodError } from 'zod';
import './complaints.ts';
import { refuse, type Refused } from './outcome.ts';

/** Input that its schema refuses: the first complaint as the sentence, all of them at their fields. */
export function refuseInvalid(error: ZodError): Refused {
  const fields = error.issues.map((issue) => ({
    path: issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message: issue.message,
  }));
  return refuse('invalid', fields[0]?.message ?? 'The input can’t be used.', fields);
}
