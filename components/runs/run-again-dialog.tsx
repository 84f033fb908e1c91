'use client';

import { useTranslations } from 'next-intl';
import { ParametersDialog } from '#components/parameters/parameters-dialog.tsx';
import type { Parameter } from '#core/jobs/parameters.ts';
import type { RunDetail } from '#core/runs/read-run.ts';
import type { RunActions } from './run-acts.ts';

/** Tries a run again with other parameters; what it had stands in the fields. */
export function RunAgainDialog({
  run,
  parameters,
  runAgainWith,
  onStarted,
  onClose,
}: {
  run: RunDetail['run'];
  parameters: readonly Parameter[];
  runAgainWith: RunActions['runAgainWith'];
  onStarted: (runId: number) => void;
  onClose: () => void;
}) {
  const t = useTranslations('run.again');
  return (
    <ParametersDialog
      title={t('title', { key: run.jobKey })}
      sentence={t('sentence', { id: run.id })}
      parameters={parameters}
      first={Object.fromEntries(
        Object.entries(run.parameters ?? {}).map(([name, value]) => [name, String(value)]),
      )}
      note={{ label: t('note'), hint: t('noteHint') }}
      submit={t('start')}
      start={(given) => runAgainWith({ runId: run.id, ...given })}
      onStarted={({ runId }) => onStarted(runId)}
      onClose={onClose}
    />
  );
}
