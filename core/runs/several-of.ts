import { z } from 'zod';
import { MOST_AT_ONCE } from './bulk.ts';

/** A list of ids of what a person chose. */
export const severalOf = <Id extends z.ZodType>(id: Id, noun: 'run' | 'job') =>
  z
    .array(id)
    .min(1, `Choose at least one ${noun}.`)
    .max(MOST_AT_ONCE, `At most ${MOST_AT_ONCE} at once.`);
