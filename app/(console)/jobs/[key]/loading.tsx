import { JobChartSkeleton } from '#components/jobs/job-chart.tsx';
import { JobHeadSkeleton } from '#components/jobs/job-head.tsx';
import { JobLedgerSkeleton } from '#components/jobs/job-ledger.tsx';

export default function JobLoading() {
  return (
    <>
      <JobHeadSkeleton />
      <JobChartSkeleton />
      <JobLedgerSkeleton />
    </>
  );
}
