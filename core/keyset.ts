import { z } from 'zod';

/**
 * Where a page of a time-ordered list begins: after this row, going to older or newer ones. Rows that come or go
 * meanwhile never shift a page, as an OFFSET would.
 */
export type Keyset = { direction: 'older' | 'newer'; atMs: number; id: number };

// The last instant that a Date holds.
const LAST_MS = 8_640_000_000_000_000;
const NOT_WHOLE = 'This address isn’t whole. Go to the first page.';

const PATTERN = /^([on])(\d{1,16})\.(\d{1,16})$/;

export function writeKeyset({ direction, atMs, id }: Keyset): string {
  return `${direction[0]}${atMs}.${id}`;
}

/** A keyset as it stands in an address. */
export const KeysetParameter = z
  .string()
  .regex(PATTERN, NOT_WHOLE)
  .transform((text): Keyset => {
    const [, direction, atMs, id] = PATTERN.exec(text)!;
    return {
      direction: direction === 'o' ? 'older' : 'newer',
      atMs: Number(atMs),
      id: Number(id),
    };
  })
  .refine(({ atMs, id }) => atMs <= LAST_MS && Number.isSafeInteger(id), NOT_WHOLE);
