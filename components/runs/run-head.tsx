'use client';

import { Ban, Ellipsis, RotateCcw, SquarePen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { usePageActions } from '#components/shell/commands.ts';
import { PageHead } from '#components/shell/page-head.tsx';
import { Button, IconButton } from '#components/ui/button.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { whyAsked } from '#components/why/why-asked.ts';
import { WhyLine } from '#components/why/why-line.tsx';
import type { RunDetail } from '#core/runs/read-run.ts';
import { isFinal } from '#core/runs/states.ts';
import type { OneRunActions, OneRunRights } from './run-acts.ts';
import { TestChip } from './test-chip.tsx';
import { RunSentence } from './run-sentence.tsx';
import { useRunActs } from './use-run-acts.ts';

// Asked for when somebody acts, not with the page.
const RunAgainDialog = dynamic(
  () => import('./run-again-dialog.tsx').then((file) => file.RunAgainDialog),
  { ssr: false },
);

const RunMoreMenu = dynamic(() => import('./run-more-menu.tsx').then((file) => file.RunMoreMenu), {
  ssr: false,
});

type Props = { detail: RunDetail; may: OneRunRights; actions: OneRunActions };

/** Where one is, how the run went, and what can be done about it. */
export function RunHead({ detail, may, actions }: Props) {
  const t = useTranslations('run');
  const { run } = detail;
  const jobHref = run.isJobDeleted ? `/runs?job=${run.jobKey}` : `/jobs/${run.jobKey}`;
  return (
    <>
      <PageHead
        crumbs={[
          { label: t('crumbs.jobs'), href: '/jobs' },
          {
            label: run.jobKey,
            href: jobHref,
            mono: true,
          },
        ]}
        title={
          <>
            {/* The phone shows no crumbs. */}
            <TextLink
              href={jobHref}
              className="block font-mono text-table font-normal break-all desk:hidden"
            >
              {run.jobKey}
            </TextLink>
            {t('title', { id: run.id })} <TestChip trigger={run.trigger} />
          </>
        }
        sentence={<RunSentence detail={detail} />}
        actions={<Acts detail={detail} may={may} actions={actions} />}
      />
      {run.state === 'queued' && <WhyLine asked={{ runId: run.id }} />}
    </>
  );
}

function Acts({ detail, may, actions }: Props) {
  const t = useTranslations('run.actions');
  const why = useTranslations('why');
  const who = useTranslations('whoMay');
  const router = useRouter();
  const [isAsking, setAsking] = useState(false);
  const { run, definition } = detail;
  const acts = useRunActs(run.id, actions);
  const isLive = !isFinal(run.state);
  const canRetry = may.retry && !isLive && !run.isJobDeleted;
  // What went well needs nobody: then doing it once more is offered, and not urged.
  const wentWell = run.state === 'succeeded';
  const retryLabel = wentWell ? t('onceMore') : t('retry');
  const refused = (isAllowed: boolean, permission: 'run:retry' | 'run:cancel') =>
    isAllowed ? undefined : who(permission);
  const hasParameters = (definition?.parameters.length ?? 0) > 0;

  usePageActions([
    isLive
      ? {
          id: 'cancel',
          label: t('cancel'),
          isDisabled: !may.cancel,
          hint: refused(may.cancel, 'run:cancel'),
          run: () => void acts.cancel(),
        }
      : {
          id: 'retry',
          label: retryLabel,
          keys: 'r',
          isDisabled: !canRetry,
          hint: refused(may.retry, 'run:retry'),
          run: () => void acts.retry(),
        },
    ...(run.state === 'queued'
      ? [
          {
            id: 'why',
            label: why('titleRun', { id: run.id }),
            run: () => whyAsked.ask({ runId: run.id }),
          },
        ]
      : []),
    { id: 'open-job', label: t('openJob'), run: () => router.push(`/jobs/${run.jobKey}`) },
  ]);

  return (
    <>
      {isLive ? (
        <Button
          variant="danger"
          icon={<Ban aria-hidden />}
          pending={acts.pending === 'cancel'}
          disabled={!may.cancel || run.isCancelRequested}
          title={refused(may.cancel, 'run:cancel')}
          onClick={() => void acts.cancel()}
        >
          {t('cancel')}
        </Button>
      ) : (
        <Button
          variant={wentWell ? 'plain' : 'primary'}
          icon={<RotateCcw aria-hidden />}
          pending={acts.pending === 'retry'}
          disabled={!canRetry}
          title={refused(may.retry, 'run:retry')}
          onClick={() => void acts.retry()}
        >
          {retryLabel}
        </Button>
      )}
      {!isLive && hasParameters && (
        <Button
          icon={<SquarePen aria-hidden />}
          disabled={!canRetry}
          title={refused(may.retry, 'run:retry')}
          onClick={() => setAsking(true)}
        >
          <span className="phone:hidden">{t('again')}</span>
          <span className="desk:hidden">{t('againShort')}</span>
        </Button>
      )}
      <LaterMenu
        button={
          <IconButton variant="plain" label={t('more')}>
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        {(state) => (
          <RunMoreMenu run={run} mayTest={may.test} onTest={() => void acts.test()} {...state} />
        )}
      </LaterMenu>
      {isAsking && (
        <RunAgainDialog
          run={run}
          parameters={definition?.parameters ?? []}
          runAgainWith={actions.runAgainWith}
          onStarted={acts.open}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
