'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { usePageActions } from '#components/shell/commands.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import type { EndTrial } from '#components/trials/trial-line.tsx';
import { AskWhy } from '#components/why/ask-why.tsx';
import { whyAsked } from '#components/why/why-asked.ts';
import { WhyLine } from '#components/why/why-line.tsx';
import { JobActions } from './job-actions.tsx';
import { jobQuery, type JobName } from './job-queries.ts';
import { JobSentence } from './job-sentence.tsx';
import type { JobActions as Actions, JobRights } from './job-view.ts';

// Few jobs have a revision on trial.
const TrialLine = dynamic(
  () => import('#components/trials/trial-line.tsx').then((file) => file.TrialLine),
  { ssr: false },
);

// Most jobs are well.
const IncidentLine = dynamic(
  () => import('#components/channels/incident-line.tsx').then((file) => file.IncidentLine),
  { ssr: false },
);

// The sentence says the one, the banner of the shell the other, both with their button.
const SAID_BY_PAGE = ['paused', 'everything_paused'] as const;

/** The job's key, how it is, and what one may do with it. */
export function JobHead({
  name,
  actions,
  rights,
  endTrial,
}: {
  name: JobName;
  actions: Actions;
  rights: JobRights;
  /** Where a revision is, or was, on trial. */
  endTrial?: EndTrial | undefined;
}) {
  const t = useTranslations('job');
  const why = useTranslations('why');
  const { data: job } = useSuspenseQuery(jobQuery(name));
  const asked = { key: name.key };
  usePageActions(
    job.deletedAt === null
      ? [{ id: 'why', label: why('ask', asked), run: () => whyAsked.ask(asked) }]
      : [],
  );
  const crumbs = [{ label: t('jobs'), href: '/jobs' }];
  if (job.deletedAt !== null) {
    return (
      <PageHead
        crumbs={crumbs}
        title={job.key}
        mono
        sentence={t.rich('isDeleted', {
          b: (words) => <b>{words}</b>,
          at: () => <AbsoluteTime at={job.deletedAt ?? ''} />,
        })}
      />
    );
  }
  return (
    <>
      <PageHead
        crumbs={crumbs}
        title={job.key}
        mono
        sentence={
          <>
            <JobSentence name={name} job={job} /> {job.running === null && <AskWhy asked={asked} />}
          </>
        }
        actions={<JobActions job={job} actions={actions} rights={rights} />}
      />
      {(job.failing !== null || job.paused !== null) && <IncidentLine jobId={name.id} />}
      <WhyLine asked={asked} saidElsewhere={SAID_BY_PAGE} />
      {endTrial && <TrialLine jobId={name.id} isAllowed={rights.write} endTrial={endTrial} />}
    </>
  );
}
