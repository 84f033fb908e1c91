'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import type { EditedCalendar, SavedCalendar } from '#core/calendars/calendars.ts';
import type { Outcome, Refusal } from '#core/outcome.ts';
import type { Place } from '#core/schedules/calendars/places.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { formKeys } from '#components/ui/form-keys.ts';
import { Link } from '#components/ui/link.tsx';
import { SaveBar } from '#components/ui/save-bar.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { CalendarFormActions } from './calendar-actions.ts';
import { CalendarFields, type FieldProblems } from './calendar-fields.tsx';
import { EditEffects } from './edit-effects.tsx';
import { definitionOf, emptyCalendar, type TypedCalendar } from './typed-calendar.ts';
import { TypedYear } from './typed-year.tsx';
import { useTypedDraft } from './use-typed-draft.ts';

export type CalendarFormProps = {
  /** What is edited; null makes a new one. */
  saved: { key: string; revision: number; typed: TypedCalendar; jobCount: number } | null;
  /** The revision that is current now: what an edit is based on once somebody else has saved. */
  newestRevision: number | null;
  countries: readonly Place[];
  thisYear: number;
  userId: string;
  actions: CalendarFormActions;
};

/** One form for a new calendar and for the next revision of one, with its year and what it does to jobs beside it. */
export function CalendarForm({
  saved,
  newestRevision,
  countries,
  thisYear,
  userId,
  actions,
}: CalendarFormProps) {
  const t = useTranslations('calendars.form');
  const router = useRouter();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [first] = useState(() => saved?.typed ?? emptyCalendar());
  const [typed, setTyped] = useState(first);
  const [isKeyOwn, setIsKeyOwn] = useState(saved !== null);
  const [basedOn, setBasedOn] = useState(saved?.revision ?? null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isTried, setIsTried] = useState(false);
  const { act, pending } = useAct<'save'>();
  const isChanged = JSON.stringify(typed) !== JSON.stringify(first);
  const draft = useTypedDraft({
    name: `${userId}.${saved?.key ?? 'new'}`,
    typed,
    basedOn,
    isChanged,
    onFound: setTyped,
  });
  const read = definitionOf(typed);
  const problems = useProblems(refusal, read, isTried);

  const change = (changes: Partial<TypedCalendar>) => {
    setTyped((before) => ({ ...before, ...changes }));
    // What was refused was said of what stood there before.
    setRefusal(null);
  };

  const save = async () => {
    setIsTried(true);
    if (read.problems.dates || read.problems.workdays) {
      focusProblem(form.current);
      return;
    }
    const { key, name, note } = typed;
    const input = { key: key.trim(), name, definition: read.definition, note };
    const send = (): Promise<Outcome<SavedCalendar | EditedCalendar>> =>
      basedOn === null
        ? actions.create(input)
        : actions.edit({ ...input, basedOnRevision: basedOn });
    const done = await act('save', send, (refused) => {
      setRefusal(refused);
      if (refused.code === 'conflict' && newestRevision !== null) setBasedOn(newestRevision);
      focusProblem(form.current);
    });
    if (!done) return;
    draft.end();
    await client.invalidateQueries({ queryKey: ['calendar'] });
    if ('isChanged' in done) {
      notify(
        done.isChanged
          ? t('saved', { revision: done.revision, count: done.jobs.length })
          : t('same'),
      );
    } else notify(t('made', { name }));
    router.push(`/calendars/${done.key}`);
  };

  return (
    <form
      ref={form}
      noValidate
      onKeyDown={(event) => formKeys(event, () => void save())}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {draft.isTaken && (
        <Notice
          className="mt-4"
          title={t('draftBack')}
          actions={
            <Button
              size="small"
              onClick={() => {
                setTyped(first);
                draft.forget();
              }}
            >
              {t('draftForget')}
            </Button>
          }
        />
      )}
      <div className="mt-5 min-[75rem]:grid min-[75rem]:grid-cols-[minmax(0,34rem)_minmax(0,1fr)] min-[75rem]:gap-8">
        <div className="grid min-w-0 content-start gap-5 pb-6">
          <CalendarFields
            typed={typed}
            onChange={change}
            isNew={saved === null}
            isKeyOwn={isKeyOwn}
            onKeyOwn={() => setIsKeyOwn(true)}
            countries={countries}
            thisYear={thisYear}
            problems={problems}
            importDates={actions.importDates}
          />
        </div>
        <div className="min-w-0 pb-8 min-[75rem]:border-l min-[75rem]:border-line min-[75rem]:pl-8">
          {saved && (
            <EditEffects
              calendarKey={saved.key}
              jobCount={saved.jobCount}
              definition={read.definition}
              isChanged={isChanged}
            />
          )}
          <TypedYear definition={read.definition} thisYear={thisYear} />
        </div>
      </div>
      <SaveBar label={t('saving')} problem={problems.form}>
        <Input
          aria-label={t('note')}
          placeholder={t('note')}
          value={typed.note}
          onChange={(event) => change({ note: event.target.value })}
          autoComplete="off"
          className="w-72 phone:w-full"
        />
        <Button asChild className="phone:flex-1">
          <Link href={saved ? `/calendars/${saved.key}` : '/calendars'} onClick={() => draft.end()}>
            {t('cancel')}
          </Link>
        </Button>
        <Button
          type="submit"
          variant="primary"
          pending={pending !== null}
          disabled={saved !== null && !isChanged}
          className="phone:flex-1"
        >
          {saved ? t('save', { revision: (basedOn ?? 0) + 1 }) : t('make')}
        </Button>
      </SaveBar>
    </form>
  );
}

/** What is wrong, each at its field; `form` is what belongs to none. */
function useProblems(
  refusal: Refusal | null,
  read: ReturnType<typeof definitionOf>,
  isTried: boolean,
): FieldProblems & { form?: string } {
  const t = useTranslations('calendars.form');
  const found: FieldProblems & { form?: string } = {};
  for (const list of ['dates', 'workdays'] as const) {
    const problem = read.problems[list];
    if (problem) found[list] = t(`line.${problem.why}`, { line: problem.line, text: problem.text });
  }
  for (const { path, message } of refusal?.fields ?? []) {
    const [first, second] = path[0] === 'definition' ? path.slice(1) : path;
    if ((first === 'dates' || first === 'workdays') && typeof second === 'number') {
      found[first] ??= t('line.refused', { line: read.lines[first][second] ?? 0, message });
    } else if (first === 'holidays') {
      const field = second === 'region' || second === 'types' ? second : 'country';
      found[field] ??= message;
    } else if (isField(first)) found[first] ??= message;
    else found.form ??= message;
  }
  const isAtField = Object.keys(found).length > 0;
  if (refusal && !refusal.fields?.length) found.form = refusal.message;
  else if (isAtField && isTried) found.form ??= t('notYet');
  return found;
}

const FIELDS = ['key', 'name', 'dates', 'workdays', 'weekend', 'note'] as const;
const isField = (name: unknown): name is (typeof FIELDS)[number] =>
  FIELDS.includes(name as (typeof FIELDS)[number]);

/** Puts the caret where the first problem is, as soon as it has been rendered. */
function focusProblem(form: HTMLFormElement | null, framesLeft = 30): void {
  requestAnimationFrame(() => {
    const target = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (target) {
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: 'center' });
    } else if (framesLeft > 0) focusProblem(form, framesLeft - 1);
  });
}
