import type { JobList } from '#core/jobs/reads.ts';
import type { PaletteJob } from '#components/shell/commands.ts';
import { fetchJson } from '#components/shell/fetch-json.ts';
import { jobListSearch } from './job-list-queries.ts';
import { shownStateOf } from './job-state.ts';

const MOST_IN_PALETTE = 8;

/** The jobs for the palette: those that fit what was typed, what needs one first. */
export async function findJobs(typed: string, signal: AbortSignal): Promise<PaletteJob[]> {
  const search = jobListSearch({ search: typed });
  search.set('limit', String(MOST_IN_PALETTE));
  const { jobs } = await fetchJson<JobList>(`/api/console/jobs?${search}`, signal);
  return jobs.map((job) => ({
    key: job.key,
    state: shownStateOf(job),
    hint: job.paused?.reason,
    schedule: job.paused ? undefined : job.schedule?.description,
  }));
}
