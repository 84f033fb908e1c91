'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { BlackoutSummary } from '#core/blackouts/read-blackouts.ts';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { BlackoutListActions } from './blackout-actions.ts';

/** What somebody wants to do with a blackout. */
export type BlackoutAsked = { act: 'end' | 'remove'; blackout: BlackoutSummary };

/** Asks once more before a window ends or a blackout goes, and says what becomes of what it held. */
export function BlackoutDialog({
  asked: { act: asked, blackout },
  actions,
  onClose,
}: {
  asked: BlackoutAsked;
  actions: BlackoutListActions;
  onClose: () => void;
}) {
  const t = useTranslations('blackouts');
  const client = useQueryClient();
  const { act, pending } = useAct<'act'>();
  const [problem, setProblem] = useState<string>();
  const { id, name, effect, now, times } = blackout;
  const submit = async () => {
    const done = await act<unknown>(
      'act',
      () => actions[asked]({ id }),
      ({ message }) => setProblem(message),
    );
    if (done === null) return;
    await client.invalidateQueries({ queryKey: ['blackout'] });
    notify(t(asked === 'end' ? 'endedNote' : 'removedNote', { name }));
    onClose();
  };
  return (
    <FormDialog
      title={t(asked === 'end' ? 'endTitle' : 'removeTitle', { name })}
      sentence={t(asked === 'end' ? 'endSentence' : 'removeSentence', {
        effect,
        isOn: String(now !== null),
        isWeekly: String(times.type === 'weekly'),
      })}
      problem={problem}
      submit={t(asked === 'end' ? 'endNow' : 'remove')}
      isDanger={asked === 'remove'}
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  );
}
