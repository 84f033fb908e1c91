import { queryOptions } from '@tanstack/react-query';
import type { AskedWhy } from '#core/why/read-why.ts';
import type { Why } from '#core/why/why.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

export type { AskedWhy };

/** Why a job or a run isn't running, as of now: what it waits for passes also where no event tells. */
export const whyQuery = (asked: AskedWhy) =>
  queryOptions({
    queryKey: ['why', 'key' in asked ? asked.key : asked.runId] as const,
    queryFn: ({ signal }) => {
      const about: Record<string, string> =
        'key' in asked ? { key: asked.key } : { runId: String(asked.runId) };
      return fetchJson<Why>(`/api/console/why?${new URLSearchParams(about)}`, signal);
    },
    meta: { topics: ['run', 'job', 'queue', 'worker', 'installation'], restMs: 1_000 },
    refetchInterval: 15_000,
  });
