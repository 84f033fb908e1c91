import { useTranslations } from 'next-intl';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { ProblemState } from '#components/ui/problem-state.tsx';

/** Where the form would stand, for whoever may not use it. */
export function CalendarRefused({
  calendarKey,
  isDeleted = false,
}: {
  calendarKey?: string;
  isDeleted?: boolean;
}) {
  const t = useTranslations('calendars');
  const who = useTranslations('whoMay');
  return (
    <ProblemState
      heading="h1"
      tone="locked"
      title={isDeleted ? t('isDeleted') : t('refusedTitle')}
      meaning={isDeleted ? t('isDeletedMeaning') : who('calendar:write')}
      actions={
        <Button asChild>
          <Link href={calendarKey === undefined ? '/calendars' : `/calendars/${calendarKey}`}>
            {calendarKey === undefined ? t('toCalendars') : t('toCalendar')}
          </Link>
        </Button>
      }
    />
  );
}
