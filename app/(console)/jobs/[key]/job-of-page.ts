import { cache } from 'react';
import { readJobChart } from '#core/jobs/next-ticks.ts';
import { readJob } from '#core/jobs/read-job.ts';
import type { JobName } from '#components/jobs/job-queries.ts';
import { requireActor } from '../../../session.ts';
import { valueOf } from '../../../value-of.ts';

/** The job of the address and who looks at it, read once for a page and its layout. */
export const jobOfPage = cache(async (key: string) => {
  const actor = await requireActor(`/jobs/${key}`);
  const job = valueOf(await readJob(actor, key));
  const name: JobName = { id: job.id, key: job.key };
  return { actor, job, name };
});

export const chartOfPage = cache(async (key: string) => {
  const { actor, job } = await jobOfPage(key);
  return valueOf(await readJobChart(actor, { jobId: job.id }));
});
