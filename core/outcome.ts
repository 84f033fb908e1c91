import type { NewerRevision } from './jobs/newer-revision.ts';

/** Expected outcomes of use-cases are values; bugs and broken infrastructure throw. */
export type Outcome<Value> = { ok: true; value: Value } | Refused;

export type Refused = { ok: false; refusal: Refusal };

export type Refusal = {
  code:
    | 'signed_out'
    | 'not_allowed'
    | 'not_found'
    | 'invalid'
    | 'conflict'
    | 'unavailable'
    | 'unexpected';
  /** A sentence: what happened, what is allowed, the next step. */
  message: string;
  /** Where in the input, in the words of its schema. */
  fields?: { path: (string | number)[]; message: string }[];
  /** Of an edit that somebody else's overtook: what they saved. */
  newer?: NewerRevision;
};

export const done = <Value>(value: Value): Outcome<Value> => ({ ok: true, value });

export const refuse = (
  code: Refusal['code'],
  message: string,
  fields?: Refusal['fields'],
): Refused => ({ ok: false, refusal: fields ? { code, message, fields } : { code, message } });
