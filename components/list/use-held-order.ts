'use client';

import { useState } from 'react';
import { inHeldOrder, isSameOrder } from './held-order.ts';
import { useIsAtTop } from './use-is-at-top.ts';

/**
 * Keeps rows where they are while somebody points at them, scrolled down or works with them (`isBusy`): they change in
 * place, and another order waits until `show`, or until nobody is in its way.
 * @param listKey another key is another list: its order is taken as it comes
 */
export function useHeldOrder<Row extends { id: number }>(
  rows: readonly Row[],
  listKey: string,
  isBusy: boolean,
) {
  const [isPointedAt, setIsPointedAt] = useState(false);
  const isAtTop = useIsAtTop();
  const [held, setHeld] = useState({ listKey, rows });
  const isHolding = (isBusy || isPointedAt || !isAtTop) && held.listKey === listKey;

  // Adjusted while rendering: what is held is what was last shown.
  if (!isHolding && held.rows !== rows) setHeld({ listKey, rows });
  const isSame = isSameOrder(held.rows, rows);

  return {
    shown: !isHolding || isSame ? rows : inHeldOrder(held.rows, rows),
    /** Another order, or other rows, wait to be shown. */
    isWaiting: isHolding && !isSame,
    show: () => setHeld({ listKey, rows }),
    /** For the element that holds the rows. */
    pointing: {
      onPointerEnter: (event: React.PointerEvent) => {
        if (event.pointerType === 'mouse') setIsPointedAt(true);
      },
      onPointerLeave: () => setIsPointedAt(false),
    },
  };
}
