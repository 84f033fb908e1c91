import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { EditJobState, RestoreJobState } from '#core/job-state/edit-job-state.ts';
import type { JobStateView } from '#core/job-state/read-job-state.ts';
import type { Outcome } from '#core/outcome.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';

/** What the job keeps, and one version of it: the newest unless another is asked for. */
export const jobStateQuery = (jobId: number, version: number | null) =>
  queryOptions({
    queryKey: ['job', jobId, 'state', version],
    queryFn: ({ signal }) => {
      const asked = version === null ? '' : `&version=${version}`;
      return fetchJson<JobStateView>(`/api/console/job-state?jobId=${jobId}${asked}`, signal);
    },
    meta: { topics: ['run'] },
    placeholderData: keepPreviousData,
  });

/** The server actions that the page hands down. */
export type JobStateActions = {
  editJobState: (input: z.input<typeof EditJobState>) => Promise<Outcome<{ version: number }>>;
  restoreJobState: (
    input: z.input<typeof RestoreJobState>,
  ) => Promise<Outcome<{ version: number }>>;
};
