'use client';

import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { PERIODS } from '#core/schedules/periods.ts';
import { addressHook } from '#components/shell/address-hook.ts';

/** By which periods, and which of them: without bounds the latest. */
export const useLedgerAddress = addressHook(
  {
    by: parseAsStringLiteral(PERIODS).withDefault('day'),
    from: parseAsString,
    to: parseAsString,
  },
  'push',
);
