'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Terminal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { holds } from '#core/auth/right.ts';
import type { WhyAction } from '#core/why/cause.ts';
import type { Outcome, Refusal } from '#core/outcome.ts';
import { pauseAllAsked } from '#components/installation/pause-all-asked.ts';
import { useAct } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { Button } from '#components/ui/button.tsx';
import { putOnClipboard } from '#components/ui/copy-button.tsx';
import { Link } from '#components/ui/link.tsx';
import { notify } from '#components/ui/toast.tsx';
import { useWhyTools } from './why-context.ts';
import type { WhyRights } from './why-actions.ts';
import { addressOf } from './why-address.ts';
import { useWhyWords } from './use-why-words.ts';

// A pause that held ticks asks what becomes of them.
const ResumeDialog = dynamic(
  () => import('#components/pauses/resume-dialog.tsx').then((file) => file.ResumeDialog),
  { ssr: false },
);

/** What would mend a cause: a link, an act that is done at once, or a command to copy. */
export function WhyAct({
  action,
  labels,
  isFirst,
  onFollow,
}: {
  action: WhyAction;
  /** Of the job that is asked about. */
  labels: Readonly<Record<string, string>>;
  /** The one that is offered first. */
  isFirst: boolean;
  onFollow?: (() => void) | undefined;
}) {
  const t = useTranslations('why');
  const who = useTranslations('whoMay');
  const words = useWhyWords();
  const clock = useClock();
  const client = useQueryClient();
  const { actions, rights } = useWhyTools();
  const { act, pending } = useAct<'mend'>();
  const [isResuming, setResuming] = useState(false);
  const label = words.action(action, clock.now());
  const needed = rightOf(action);
  const isAllowed = needed === null || holds(rights[needed], labels);
  const hint = isAllowed ? undefined : who(needed);

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
  const mend = async (
    asked: () => Promise<Outcome<unknown>>,
    onRefused?: (refusal: Refusal) => void,
  ): Promise<boolean> => {
    const done = await act('mend', asked, onRefused);
    // The stream tells of it as well; who acted shouldn't have to wait for that.
    await client.invalidateQueries({ queryKey: ['why'] });
    return done !== null;
  };
  const start = () => {
    switch (action.key) {
      case 'resume_job':
        return setResuming(true);
      case 'resume_everything':
        return pauseAllAsked.askToResume();
      case 'close_circuit':
        return void mend(() => actions.closeCircuit({ jobId: action.jobId }));
      case 'trigger_job':
        return void mend(() => actions.triggerJob({ jobId: action.jobId }));
      case 'cancel_run':
        return void mend(() => actions.cancelRuns({ runIds: [action.runId] }));
      case 'undrain_worker':
        return void mend(() => actions.takeWorkerBack({ workerId: action.workerId }));
    }
  };
  const isDanger = action.key === 'cancel_run';
  return (
    <>
      <Button
        size="small"
        variant={isDanger ? 'danger' : isFirst ? 'primary' : 'plain'}
        pending={pending !== null}
        disabled={!isAllowed}
        title={hint}
        onClick={start}
      >
        {label}
      </Button>
      {isResuming && action.key === 'resume_job' && (
        <ResumeDialog
          jobs={[{ id: action.jobId, key: action.jobKey }]}
          onResume={(answer, onRefused) =>
            mend(() => actions.resumeJobs({ jobIds: [action.jobId], answer }), onRefused)
          }
          onClose={() => setResuming(false)}
        />
      )}
    </>
  );
}

function rightOf({ key }: WhyAction): keyof WhyRights | null {
  switch (key) {
    case 'resume_job':
    case 'close_circuit':
      return 'job:pause';
    case 'trigger_job':
      return 'job:trigger';
    case 'cancel_run':
      return 'run:cancel';
    case 'undrain_worker':
      return 'worker:drain';
    case 'resume_everything':
      return 'installation:pause';
    case 'edit_job':
      return 'job:write';
    case 'open_workers':
      return 'worker:read';
    case 'open_secrets':
      return 'secret:read';
    case 'open_run':
    case 'open_job':
    case 'open_queues':
    case 'open_ledger':
    case 'open_blackouts':
    case 'open_proposal':
    case 'start_worker':
      return null;
  }
}
