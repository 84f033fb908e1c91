'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { JobName } from '#components/jobs/job-queries.ts';
import { ChangeList } from '#components/jobs/revision-difference.tsx';
import { PageHead } from '#components/shell/page-head.tsx';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { EditedJob } from '#core/jobs/edit-job.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Proposal } from '#core/proposals/read-proposals.ts';
import { proposalQuery } from './proposal-queries.ts';

const RefuseDialog = dynamic(
  () => import('./refuse-dialog.tsx').then((file) => file.RefuseDialog),
  { ssr: false },
);

export type ProposalActions = {
  allowProposal: (input: { id: number }) => Promise<Outcome<EditedJob>>;
  refuseProposal: (input: { id: number; reason: string }) => Promise<Outcome<null>>;
  withdrawProposal: (input: { id: number }) => Promise<Outcome<null>>;
};

/** An edit that waits for a second person: what it changes, who proposed it, and what may be done with it. */
export function ProposalScreen({ name, actions }: { name: JobName; actions: ProposalActions }) {
  const t = useTranslations('proposal');
  const { data: proposal } = useSuspenseQuery(proposalQuery(name));
  const crumbs = [
    { label: t('jobs'), href: '/jobs' },
    { label: name.key, href: `/jobs/${name.key}`, mono: true },
  ];
  if (proposal === null) {
    return (
      <>
        <PageHead crumbs={crumbs} title={t('title')} />
        <EmptyState
          title={t('none')}
          actions={<TextLink href={`/jobs/${name.key}`}>{t('toJob')}</TextLink>}
        >
          {t('noneHint')}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHead
        crumbs={crumbs}
        title={t('title')}
        sentence={t.rich('sentence', {
          by: proposal.proposedBy,
          revision: proposal.basedOnRevision,
          at: () => <RelativeTime at={proposal.proposedAt} />,
        })}
        actions={<Decide name={name} proposal={proposal} actions={actions} />}
      />
      {proposal.isOvertaken && (
        <Notice tone="warn" title={t('overtaken')} className="mt-5">
          {t('overtakenHint', { by: proposal.proposedBy })}
        </Notice>
      )}
      {proposal.note && <p className="mt-5 text-body text-pretty">“{proposal.note}”</p>}
      <section aria-label={t('changes')} className="mt-4 max-w-[60rem]">
        {proposal.after === null ? (
          <p className="text-body text-ink-2">{t('unreadable')}</p>
        ) : (
          <ChangeList before={proposal.before} after={proposal.after} />
        )}
      </section>
    </>
  );
}

function Decide({
  name,
  proposal,
  actions,
}: {
  name: JobName;
  proposal: Proposal;
  actions: ProposalActions;
}) {
  const t = useTranslations('proposal');
  const router = useRouter();
  const { act, pending } = useAct<'allow' | 'withdraw'>();
  const [isRefusing, setIsRefusing] = useState(false);
  const { id, proposedBy, isOwn, mayDecide } = proposal;
  const leave = (words: string) => {
    notify(words);
    router.push(`/jobs/${name.key}`);
  };
  const allow = async () => {
    const saved = await act('allow', () => actions.allowProposal({ id }));
    if (saved) leave(t('allowed', { revision: saved.revision }));
  };
  const withdraw = async () => {
    const isDone = await act('withdraw', () => asDone(actions.withdrawProposal({ id })));
    if (isDone) leave(t('withdrawn'));
  };
  if (isOwn) {
    return (
      <Button pending={pending !== null} onClick={() => void withdraw()}>
        {t('withdraw')}
      </Button>
    );
  }
  const whyNot = mayDecide ? undefined : t('mayNot');
  return (
    <>
      <Button
        disabled={!mayDecide}
        title={whyNot}
        aria-haspopup="dialog"
        onClick={() => setIsRefusing(true)}
      >
        {t('refuse')}
      </Button>
      <Button
        variant="primary"
        icon={<Check aria-hidden />}
        pending={pending !== null}
        disabled={!mayDecide || proposal.isOvertaken || proposal.after === null}
        title={whyNot}
        onClick={() => void allow()}
      >
        {t('allow')}
      </Button>
      {isRefusing && (
        <RefuseDialog
          by={proposedBy}
          refuse={(reason) => actions.refuseProposal({ id, reason })}
          onRefused={() => leave(t('refused', { by: proposedBy }))}
          onClose={() => setIsRefusing(false)}
        />
      )}
    </>
  );
}
