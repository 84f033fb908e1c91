import { fetchJson } from '#components/shell/fetch-json.ts';
import type { LogMatches, LogPage } from '#core/logs/logs.ts';

/** Where to read: the end, what follows or precedes a chunk, what is new since one, or around a line. */
export type LogPlace =
  | { from: 'tail' }
  | { from: 'after'; seq: number }
  | { from: 'newest'; seq: number }
  | { from: 'before'; seq: number }
  | { from: 'line'; line: number };

export function fetchLog(runId: number, place: LogPlace, signal?: AbortSignal): Promise<LogPage> {
  const query = new URLSearchParams(
    Object.entries(place).map(([name, value]) => [name, String(value)]),
  );
  return fetchJson<LogPage>(`/api/runs/${runId}/log?${query}`, signal);
}

export function findInLog(runId: number, text: string, signal?: AbortSignal): Promise<LogMatches> {
  const query = new URLSearchParams({ text });
  return fetchJson<LogMatches>(`/api/runs/${runId}/log/find?${query}`, signal);
}

export async function fetchFirstError(runId: number): Promise<number | null> {
  const { line } = await fetchJson<{ line: number | null }>(`/api/runs/${runId}/log/first-error`);
  return line;
}

export function downloadAddress(runId: number): string {
  return `/api/runs/${runId}/log/download`;
}
