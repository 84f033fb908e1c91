'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { PersonView } from '#core/users/read-people.ts';
import { SessionTable } from './session-table.tsx';
import type { PeopleActions } from './settings-actions.ts';

/** Where somebody is signed in; an admin ends what they don't know. */
export function PersonSessions({
  user,
  endSessions,
}: {
  user: PersonView;
  endSessions: PeopleActions['endSessions'];
}) {
  const t = useTranslations('person');
  const client = useQueryClient();
  const { act, pending } = useAct<'all'>();
  const tell = async (answer: { ended: number } | null) => {
    await client.invalidateQueries({ queryKey: ['user'] });
    if (answer) notify(t('ended', { count: answer.ended }));
  };
  const endAll = async () =>
    tell(await act('all', () => endSessions({ userId: user.id, sessionId: null })));
  if (user.sessions.length === 0) return <p className="text-table text-ink-2">{t('none')}</p>;
  return (
    <>
      <SessionTable
        sessions={user.sessions}
        noteOf={({ begunWith }) =>
          begunWith === 'provider' && (
            <span className="block truncate text-meta text-ink-3">
              {t('byProvider', { provider: user.provider ?? '' })}
            </span>
          )
        }
        end={({ id }) => endSessions({ userId: user.id, sessionId: id })}
        onAnswer={tell}
      />
      <Button className="mt-4" pending={pending !== null} onClick={() => void endAll()}>
        {t('endAll')}
      </Button>
    </>
  );
}
