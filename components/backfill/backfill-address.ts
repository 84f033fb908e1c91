'use client';

import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { BACKFILL_RULES } from '#core/backfill/words.ts';
import { addressHook } from '#components/shell/address-hook.ts';

/** Which occurrences: ISO 8601, `to` is exclusive; null: as it is usual. */
export const useBackfillAddress = addressHook(
  {
    from: parseAsString,
    to: parseAsString,
    which: parseAsStringLiteral(BACKFILL_RULES).withDefault('without_success'),
    order: parseAsStringLiteral(['oldest', 'newest']).withDefault('oldest'),
  },
  'replace',
);
