'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Terminal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import type { WhyAction } from '#core/why/cause.ts';
import type { Outcome } from '#core/outcome.ts';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { useAct } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { Button } from '#components/ui/button.tsx';
import { putOnClipboard } from '#components/ui/copy-button.tsx';
import { notify } from '#components/ui/toast.tsx';
import { useWhyTools } from './why-context.ts';
import type { WhyRights } from './why-actions.ts';
import { addressOf } from './why-address.ts';
import { useWhyWords } from './use-why-words.ts';

/** What would mend a cause: a link, an act that is done at once, or a command to copy. */
export function WhyAct({
  action,
  isFirst,
  onFollow,
}: {
  action: WhyAction;
  /** The one that is offered first. */
  isFirst: boolean;
  onFollow?: (() => void) | undefined;
}) {
  const t = useTranslations('why');
  const words = useWhyWords();
  const clock = useClock();
  const client = useQueryClient();
  const { actions, rights } = useWhyTools();
  const { act, pending } = useAct<'mend'>();
  const label = words.action(action, clock.now());
  const needed = rightOf(action);
  const isAllowed = needed === null || rights[needed];
  const hint = isAllowed ? undefined : t('onlyAdmin');

  if ('link' in action) {
    if (!isAllowed) {
      return (
        <Button size="small" disabled title={hint}>
          {label}
        </Button>
      );
    }
    return (
      <Button size="small" asChild variant={isFirst ? 'primary' : 'plain'}>
        <Link href={addressOf(action.link)} {...(onFollow && { onClick: onFollow })}>
          {label}
        </Link>
      </Button>
    );
  }
  if ('command' in action) {
    const copy = async () => {
      if (await putOnClipboard(action.command)) notify(t('copied'));
    };
    return (
      <Button
        size="small"
        className="font-mono"
        icon={<Terminal aria-hidden />}
        title={t('copyCommand')}
        onClick={() => void copy()}
      >
        {label}
      </Button>
    );
  }
  const mend = async () => {
    await act('mend', (): Promise<Outcome<unknown>> => {
      switch (action.key) {
        case 'resume_job':
          return actions.resumeJobs({ jobIds: [action.jobId] });
        case 'trigger_job':
          return actions.triggerJob({ jobId: action.jobId });
        case 'cancel_run':
          return actions.cancelRuns({ runIds: [action.runId] });
        case 'undrain_worker':
          return actions.takeWorkerBack({ workerId: action.workerId });
        case 'resume_everything':
          return actions.resumeEverything({});
      }
    });
    // The stream tells of it as well; who acted shouldn't have to wait for that.
    await client.invalidateQueries({ queryKey: ['why'] });
    if (action.key === 'resume_everything') {
      await client.invalidateQueries({ queryKey: shellQuery.queryKey });
    }
  };
  const isDanger = action.key === 'cancel_run';
  return (
    <Button
      size="small"
      variant={isDanger ? 'danger' : isFirst ? 'primary' : 'plain'}
      pending={pending !== null}
      disabled={!isAllowed}
      title={hint}
      onClick={() => void mend()}
    >
      {label}
    </Button>
  );
}

function rightOf({ key }: WhyAction): keyof WhyRights | null {
  switch (key) {
    case 'resume_job':
      return 'pause';
    case 'trigger_job':
      return 'trigger';
    case 'cancel_run':
      return 'cancel';
    case 'undrain_worker':
      return 'drain';
    case 'resume_everything':
      return 'pauseAll';
    case 'edit_job':
      return 'write';
    case 'open_run':
    case 'open_job':
    case 'open_queues':
    case 'open_workers':
    case 'open_ledger':
    case 'start_worker':
      return null;
  }
}
