'use client';

import { useState } from 'react';
import { useIsAtTop } from './use-is-at-top.ts';

/**
 * Keeps rows from jumping under the reader: while the page is scrolled down, new rows wait and are counted, and rows
 * that are shown change in place. At the top, and on `show`, the list is as it is.
 * @param rows newest first
 * @param isNewest whether this page of the list is where new rows come
 */
export function useHeldRows<Row>(
  rows: readonly Row[],
  idOf: (row: Row) => string,
  isNewest: boolean,
): { shown: readonly Row[]; waiting: number; show: () => void } {
  const isAtTop = useIsAtTop();
  const [held, setHeld] = useState<readonly Row[] | null>(null);
  const isHolding = isNewest && !isAtTop;

  // Adjusted while rendering: the rows to hold are those of the moment in which one scrolled away.
  if (isHolding && held === null) setHeld(rows);
  if (!isHolding && held !== null) setHeld(null);
  if (!isHolding || held === null) return { shown: rows, waiting: 0, show: () => {} };

  const present = new Map(rows.map((row) => [idOf(row), row]));
  const heldIds = new Set(held.map(idOf));
  const firstHeld = rows.findIndex((row) => heldIds.has(idOf(row)));
  const waiting = firstHeld < 0 ? rows.length : firstHeld;
  return {
    shown: held.map((row) => present.get(idOf(row)) ?? row),
    waiting,
    show: () => {
      setHeld(rows);
      window.scrollTo({ top: 0 });
    },
  };
}
