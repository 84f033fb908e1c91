/** What is limited: a job by the key and labels that it has. */
export type LimitedJob = { key: string; labels: Readonly<Record<string, string>> };

type Limits = {
  jobs: readonly string[];
  labels: readonly { name: string; value: string }[];
};

/** One of the keys or one of the labels suffices; where neither is given, every job may. */
export function mayUse({ jobs, labels }: Limits, job: LimitedJob): boolean {
  if (jobs.length === 0 && labels.length === 0) return true;
  return (
    jobs.includes(job.key) ||
    labels.some(({ name, value }) => Object.hasOwn(job.labels, name) && job.labels[name] === value)
  );
}
