'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { findInLog } from './log-queries.ts';

const TYPING_MS = 200;

export type LogSearch = {
  typed: string;
  /** What is marked in the lines. */
  searched: string;
  setTyped: (typed: string) => void;
  /** Which of the lines with a hit is the current one, counted from 0; -1 when there is none. */
  at: number;
  count: number;
  isSearching: boolean;
  currentLine: number | null;
  move: (by: 1 | -1) => void;
};

/** Finds a text in the whole log, on the server: most of a long log isn't in the browser. */
export function useLogSearch(runId: number, onLine: (line: number) => void): LogSearch {
  const [typed, setTypedNow] = useState('');
  const [searched, setSearched] = useState('');
  const [at, setAt] = useState(-1);
  const query = useQuery({
    queryKey: ['log', runId, 'find', searched],
    queryFn: ({ signal }) => findInLog(runId, searched, signal),
    enabled: searched !== '',
    placeholderData: keepPreviousData,
  });
  useEffect(() => {
    const timer = setTimeout(() => {
      setSearched(typed);
      setAt(-1);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  const lines = searched === '' ? [] : (query.data?.lines ?? []);
  const move = (by: 1 | -1) => {
    if (lines.length === 0) return;
    const next =
      at === -1 ? (by === 1 ? 0 : lines.length - 1) : (at + by + lines.length) % lines.length;
    setAt(next);
    onLine(lines[next]!);
  };
  return {
    typed,
    searched,
    setTyped: setTypedNow,
    at,
    count: searched === '' ? 0 : (query.data?.count ?? 0),
    isSearching: query.isFetching,
    currentLine: lines[at] ?? null,
    move,
  };
}
