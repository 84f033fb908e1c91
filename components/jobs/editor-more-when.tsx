'use client';

import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useId, useState } from 'react';
import { useFormContext, useFormState, useWatch } from 'react-hook-form';
import { cn } from '#components/ui/cn.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { EditorForm } from './editor-form.ts';

// Few schedules need it.
const Fields = dynamic(() => import('./editor-when-fields.tsx').then((file) => file.WhenFields), {
  ssr: false,
  loading: () => <Skeleton className="h-4 w-1/2" />,
});

/** The less common of a schedule, folded away until it says something, something in it is wrong, or it is asked for. */
export function MoreAboutWhen() {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const schedule = useWatch({ control, name: 'schedule' });
  const { errors } = useFormState({ control, name: 'schedule' });
  const [asked, setAsked] = useState<boolean | null>(null);
  const id = useId();
  const isWrong = folded.some((name) => errors.schedule?.[name] !== undefined);
  const isOpen = isWrong || (asked ?? saysMore(schedule));
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        className="flex items-center gap-1.5 text-table text-ink-2 hover:text-ink phone:min-h-11"
        onClick={() => setAsked(!isOpen)}
      >
        <ChevronRight aria-hidden className={cn('size-3.5', isOpen && 'rotate-90')} />
        {t('moreWhen')}
      </button>
      {isOpen && (
        <div id={id} className="mt-3 grid gap-4">
          <Fields />
        </div>
      )}
    </div>
  );
}

const folded = [
  'dst',
  'startsAt',
  'endsAt',
  'maxFires',
  'jitter',
  'calendar',
  'calendarRule',
  'calendarNth',
] as const;

function saysMore(schedule: EditorForm['schedule']) {
  const { type, dstBy, startsAt, endsAt, maxFires, jitter, calendar } = schedule;
  const ofLines = type === 'cron' && dstBy === 'own';
  const texts = [startsAt, endsAt, maxFires, jitter.amount, calendar];
  return ofLines || texts.some((text) => text !== '');
}
