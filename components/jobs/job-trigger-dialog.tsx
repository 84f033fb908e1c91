'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Parameter, ParameterValues } from '#core/jobs/parameters.ts';
import type { Refusal } from '#core/outcome.ts';
import type { Requested } from '#core/runs/requests.ts';
import { shellQuery } from '#components/shell/shell-queries.ts';
import { ParametersDialog } from '#components/parameters/parameters-dialog.tsx';
import { trialsQuery } from '#components/trials/trial-queries.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import type { JobActions } from './job-view.ts';

/** Starts a run by hand, or a test. */
export function TriggerDialog({
  job,
  parameters,
  isTestAtFirst,
  triggerJob,
  onTriggered,
  onClose,
}: {
  job: { id: number; key: string };
  parameters: readonly Parameter[];
  isTestAtFirst: boolean;
  triggerJob: JobActions['triggerJob'];
  onTriggered: (started: Requested) => void;
  onClose: () => void;
}) {
  const t = useTranslations('job');
  const { data: facts } = useQuery(shellQuery);
  const [isTest, setTest] = useState(isTestAtFirst);
  const onTrial = useTranslations('trial');
  const { data: trials } = useQuery(trialsQuery(job));
  const trial = trials?.find(({ endedAt }) => endedAt === null);
  return (
    <ParametersDialog
      title={t.rich('triggerTitle', { key: () => <span className="font-mono">{job.key}</span> })}
      sentence={t(facts?.pausedAll ? 'triggerSentenceWaits' : 'triggerSentence')}
      parameters={parameters}
      note={{ label: t('note'), hint: t('noteHint') }}
      submit={t(isTest ? 'startTest' : 'trigger')}
      start={async (given) => {
        const refusal = await problemsOf(parameters, given.parameters);
        return refusal ? { ok: false, refusal } : triggerJob({ jobId: job.id, isTest, ...given });
      }}
      onStarted={onTriggered}
      onClose={onClose}
    >
      {trial && (
        <p className="text-table text-ink-2">{onTrial('byHand', { revision: trial.revision })}</p>
      )}
      <CheckboxLine
        label={t('asTest')}
        hint={t('asTestHint')}
        checked={isTest}
        onCheckedChange={setTest}
      />
    </ParametersDialog>
  );
}

/** The rule of the use-case, looked at before anything is sent; fetched when it is first needed. */
async function problemsOf(
  parameters: readonly Parameter[],
  values: ParameterValues,
): Promise<Refusal | null> {
  if (parameters.length === 0) return null;
  const { resolveParameters } = await import('#core/jobs/parameters.ts');
  const resolved = resolveParameters(parameters, values);
  if (resolved.ok) return null;
  return {
    code: 'invalid',
    message: resolved.problems[0]?.message ?? '',
    fields: resolved.problems.map(({ name, message }) => ({ path: ['parameters', name], message })),
  };
}
