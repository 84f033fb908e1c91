import { z } from 'zod';

/** What a person says of the revision that they save. */
export const Note = z.string().trim().max(500, 'A note has at most 500 characters.').default('');
