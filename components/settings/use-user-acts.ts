'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { notify } from '#components/ui/toast.tsx';
import type { Outcome } from '#core/outcome.ts';
import type { UserView } from '#core/users/read-people.ts';
import type { MadeLink, PeopleActions } from './settings-actions.ts';

/** What an admin does with somebody's account, each with its way back where there is one. */
export function useUserActs(
  { id: userId, name }: Pick<UserView, 'id' | 'name'>,
  actions: Pick<PeopleActions, 'switchOff' | 'switchOn' | 'makePasswordLink'>,
  onLink: (link: MadeLink) => void,
) {
  const t = useTranslations('settings.list');
  const common = useTranslations('common');
  const client = useQueryClient();
  const { act, pending } = useAct<'change'>();

  const carryOut = async (action: () => Promise<Outcome<null>>) => {
    const isDone = await act('change', () => asDone(action()));
    await client.invalidateQueries({ queryKey: ['user'] });
    return isDone !== null;
  };
  const switchAccount = async (isOff: boolean) => {
    const action = isOff ? actions.switchOff : actions.switchOn;
    if (!(await carryOut(() => action({ userId })))) return;
    if (!isOff) {
      notify(t('isOn', { name }));
      return;
    }
    const goBack = () => void carryOut(() => actions.switchOn({ userId }));
    notify(t('isOff', { name }), { undo: { label: common('undo'), run: goBack } });
  };
  const makePasswordLink = async () => {
    const made = await act('change', () => actions.makePasswordLink({ userId }));
    if (made) onLink({ ...made, name });
  };
  return {
    change: { isOff: switchAccount, passwordLink: makePasswordLink },
    isPending: pending !== null,
  };
}
