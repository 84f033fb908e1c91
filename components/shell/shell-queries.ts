import { queryOptions } from '@tanstack/react-query';
import type { ShellState } from '#core/overview/shell.ts';
import { fetchJson } from './fetch-json.ts';

/** Counts, health and whether everything is paused. A dead worker tells nobody, so it is asked again now and then. */
export const shellQuery = queryOptions({
  queryKey: ['installation', 'shell'],
  queryFn: ({ signal }) => fetchJson<ShellState>('/api/console/shell', signal),
  meta: { topics: ['job', 'run', 'queue', 'worker', 'blackout'], restMs: 3_000 },
  refetchInterval: 15_000,
});
