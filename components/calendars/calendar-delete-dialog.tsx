'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { CalendarDetail } from '#core/calendars/read-calendars.ts';
import { useAct } from '#components/shell/use-act.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { DeleteCalendarAction } from './calendar-actions.ts';
import { calendarList } from './calendar-queries.ts';

/** Asks once more, and says who uses the calendar where it is refused. */
export function CalendarDeleteDialog({
  calendar: { key, name, revision },
  deleteCalendar,
  onClose,
}: {
  calendar: CalendarDetail;
  deleteCalendar: DeleteCalendarAction;
  onClose: () => void;
}) {
  const t = useTranslations('calendars');
  const router = useRouter();
  const client = useQueryClient();
  const { act, pending } = useAct<'delete'>();
  const [problem, setProblem] = useState<string>();
  const submit = async () => {
    const gone = await act(
      'delete',
      () => deleteCalendar({ key, basedOnRevision: revision }),
      ({ message }) => setProblem(message),
    );
    if (!gone) return;
    await client.invalidateQueries({ queryKey: calendarList.queryKey });
    notify(t('deleted', { name }));
    router.push('/calendars');
  };
  return (
    <FormDialog
      title={t('deleteTitle', { name })}
      sentence={t('deleteSentence')}
      problem={problem}
      submit={t('delete')}
      isDanger
      isPending={pending !== null}
      onSubmit={submit}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  );
}
