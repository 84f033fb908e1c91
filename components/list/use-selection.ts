'use client';

import { useEffect, useMemo, useRef, useState } from 'react';

export type Selection = {
  ids: ReadonlySet<number>;
  /** With `isRange`, everything from the one that was taken last to this. */
  toggle: (id: number, isRange: boolean) => void;
  /** All that show, or none when all are taken. */
  toggleAll: () => void;
  clear: () => void;
};

const NONE: ReadonlySet<number> = new Set();

/**
 * Which rows of a list are chosen. Its functions stay the same, so that rows don't render for them.
 * @param listKey another list has its own choice: it begins with none
 */
export function useSelection(rowIds: readonly number[], listKey: string): Selection {
  const [chosen, setChosen] = useState({ listKey, ids: NONE });
  const shownIds = useRef(rowIds);
  const last = useRef<number | null>(null);
  useEffect(() => {
    shownIds.current = rowIds;
  }, [rowIds]);

  const handlers = useMemo(() => {
    const change = (next: (ids: ReadonlySet<number>) => ReadonlySet<number>) =>
      setChosen((before) => ({
        listKey,
        ids: next(before.listKey === listKey ? before.ids : NONE),
      }));
    return {
      toggle: (id: number, isRange: boolean) => {
        const rows = shownIds.current;
        const from = isRange && last.current !== null ? rows.indexOf(last.current) : -1;
        const to = rows.indexOf(id);
        const range = from < 0 ? [id] : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
        last.current = id;
        change((ids) => {
          const rest = [...ids].filter((one) => !range.includes(one));
          return from >= 0 || !ids.has(id) ? new Set([...rest, ...range]) : new Set(rest);
        });
      },
      toggleAll: () => {
        const rows = shownIds.current;
        change((ids) => (rows.every((id) => ids.has(id)) ? NONE : new Set(rows)));
      },
      clear: () => change(() => NONE),
    };
  }, [listKey]);

  return { ids: chosen.listKey === listKey ? chosen.ids : NONE, ...handlers };
}
