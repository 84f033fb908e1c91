'use client';

import { useEffect, useState } from 'react';
import { useCommands } from './commands.ts';
import type { KeyBinding } from './key-presses.ts';

export type RowId = string | number;

export type RowKeyHandlers<Id extends RowId> = {
  /** `enter` */
  onOpen?: ((id: Id) => void) | undefined;
  /** `x`; with shift, the rows from the last one that was selected to this. */
  onSelect?: ((id: Id, isRange: boolean) => void) | undefined;
  /** `e` */
  onEdit?: ((id: Id) => void) | undefined;
  /** `t` */
  onTrigger?: ((id: Id) => void) | undefined;
  /** `p` */
  onPause?: ((id: Id) => void) | undefined;
  /** `r` */
  onRetry?: ((id: Id) => void) | undefined;
};

/**
 * The keys of a list: `j` and `k` move a cursor, the others act on the row under it. The cursor stays with its
 * row when new ones come. Spread `rowProps(id)` on each `Tr`; mark its main link with `data-row-link`, which
 * takes the focus as the cursor moves.
 * @param rowIds the rows in the order in which they stand
 */
export function useRowKeys<Id extends RowId>(
  rowIds: readonly Id[],
  handlers: RowKeyHandlers<Id>,
): {
  cursor: Id | null;
  setCursor: (id: Id | null) => void;
  rowProps: (id: Id) => { 'data-row': string; isCursor: boolean };
} {
  const { store } = useCommands();
  const [owner] = useState(() => Symbol('rows'));
  const [cursor, setCursor] = useState<Id | null>(null);

  useEffect(() => {
    const at = cursor === null ? -1 : rowIds.indexOf(cursor);
    const move = (step: number) => {
      const next = rowIds[at === -1 ? 0 : Math.min(Math.max(at + step, 0), rowIds.length - 1)];
      if (next === undefined) return;
      setCursor(next);
      bringIntoSight(next);
    };
    const act = (keys: string, handler: ((id: Id) => void) | undefined): KeyBinding[] => {
      const id = at === -1 ? undefined : rowIds[at];
      return handler && id !== undefined ? [{ keys, run: () => handler(id) }] : [];
    };
    const { onOpen, onSelect, onEdit, onTrigger, onPause, onRetry } = handlers;
    store.setRows(owner, [
      { keys: 'j', run: () => move(1) },
      { keys: 'k', run: () => move(-1) },
      ...act('enter', onOpen),
      ...act('x', onSelect && ((id) => onSelect(id, false))),
      ...act('shift+x', onSelect && ((id) => onSelect(id, true))),
      ...act('e', onEdit),
      ...act('t', onTrigger),
      ...act('p', onPause),
      ...act('r', onRetry),
    ]);
  });
  useEffect(() => () => store.setRows(owner, null), [store, owner]);

  return {
    cursor,
    setCursor,
    rowProps: (id) => ({ 'data-row': String(id), isCursor: id === cursor }),
  };
}

function bringIntoSight(id: RowId): void {
  const row = document.querySelector(`[data-row="${CSS.escape(String(id))}"]`);
  row?.scrollIntoView({ block: 'nearest' });
  row?.querySelector<HTMLElement>('[data-row-link]')?.focus({ preventScroll: true });
}
