'use client';

import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { STRETCH_NAMES } from '#core/forecast/stretches.ts';
import { addressHook } from '#components/shell/address-hook.ts';

/** How far ahead, which queue, and the bucket that is opened: of which queue, from when to when. */
export const useForecastAddress = addressHook(
  {
    stretch: parseAsStringLiteral(STRETCH_NAMES).withDefault('24h'),
    queue: parseAsString,
    of: parseAsString,
    from: parseAsString,
    to: parseAsString,
  },
  'replace',
);
