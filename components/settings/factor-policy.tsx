'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { PeopleActions } from './settings-actions.ts';

/** Whether everybody must have a second factor. */
export function FactorPolicy({
  isRequired,
  provider,
  mayRequire,
  requireSecondFactor,
}: {
  isRequired: boolean;
  provider: string | null;
  mayRequire: boolean;
  requireSecondFactor: PeopleActions['requireSecondFactor'];
}) {
  const t = useTranslations('person');
  const client = useQueryClient();
  const { act, pending } = useAct<'change'>();
  const change = async (wanted: boolean) => {
    const isDone = await act('change', () => asDone(requireSecondFactor({ isRequired: wanted })));
    await client.invalidateQueries({ queryKey: ['user'] });
    if (isDone) notify(t(wanted ? 'policyOn' : 'policyOff'));
  };
  return (
    <CheckboxLine
      className="mt-6 max-w-[40rem]"
      label={t('policy')}
      hint={provider === null ? t('policyHintAlone') : t('policyHint', { provider })}
      checked={isRequired}
      disabled={!mayRequire || pending !== null}
      onCheckedChange={(wanted) => void change(wanted)}
    />
  );
}
