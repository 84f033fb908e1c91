'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import type { BlackoutSummary } from '#core/blackouts/read-blackouts.ts';
import type { SavedBlackout } from '#core/blackouts/blackouts.ts';
import type { Outcome, Refusal } from '#core/outcome.ts';
import { useAct } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { formKeys } from '#components/ui/form-keys.ts';
import { Link } from '#components/ui/link.tsx';
import { SaveBar } from '#components/ui/save-bar.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { BlackoutFormActions } from './blackout-actions.ts';
import { BlackoutFields, type BlackoutProblems } from './blackout-fields.tsx';
import { BlackoutHits } from './blackout-hits.tsx';
import { emptyBlackout, inputOf, type TypedBlackout, typedOf } from './typed-blackout.ts';

export type BlackoutFormProps = {
  /** What is edited; null makes a new one. */
  saved: BlackoutSummary | null;
  /** The version that is current now: what an edit is based on once somebody else has saved. */
  newestVersion: number | null;
  zones: readonly string[];
  actions: BlackoutFormActions;
};

/** One form for a new blackout and for the edit of one, with whom it would hit beside it. */
export function BlackoutForm({ saved, newestVersion, zones, actions }: BlackoutFormProps) {
  const t = useTranslations('blackouts');
  const router = useRouter();
  const client = useQueryClient();
  const clock = useClock();
  const { timeZone } = useTimeWords();
  const form = useRef<HTMLFormElement>(null);
  const [first] = useState(() => {
    const empty = emptyBlackout(clock.atFirst, timeZone);
    return saved ? typedOf(saved, empty) : empty;
  });
  const [typed, setTyped] = useState(first);
  const [basedOn, setBasedOn] = useState(saved?.version ?? 0);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { act, pending } = useAct<'save'>();
  const isChanged = JSON.stringify(typed) !== JSON.stringify(first);
  const problems = problemsOf(refusal);

  const change = (changes: Partial<TypedBlackout>) => {
    setTyped((before) => ({ ...before, ...changes }));
    // What was refused was said of what stood there before.
    setRefusal(null);
  };

  const save = async () => {
    const input = inputOf(typed);
    const send = (): Promise<Outcome<SavedBlackout>> =>
      saved
        ? actions.edit({ ...input, id: saved.id, basedOnVersion: basedOn })
        : actions.create(input);
    const done = await act('save', send, (refused) => {
      setRefusal(refused);
      if (refused.code === 'conflict' && newestVersion !== null) setBasedOn(newestVersion);
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
      );
    });
    if (!done) return;
    await client.invalidateQueries({ queryKey: ['blackout'] });
    notify(t(saved ? 'savedNote' : 'madeNote', { name: input.name.trim(), jobs: done.jobs }));
    router.push('/calendars/blackouts');
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
      <div className="mt-5 min-[75rem]:grid min-[75rem]:grid-cols-[minmax(0,34rem)_minmax(0,1fr)] min-[75rem]:gap-8">
        <div className="grid min-w-0 content-start gap-5 pb-6">
          <BlackoutFields typed={typed} onChange={change} zones={zones} problems={problems} />
        </div>
        <div className="min-w-0 pb-8 min-[75rem]:border-l min-[75rem]:border-line min-[75rem]:pl-8">
          <BlackoutHits typed={typed} />
        </div>
      </div>
      <SaveBar label={t('saving')} problem={problems.form}>
        <Button asChild className="phone:flex-1">
          <Link href="/calendars/blackouts">{t('cancel')}</Link>
        </Button>
        <Button
          type="submit"
          variant="primary"
          pending={pending !== null}
          disabled={saved !== null && !isChanged}
          className="phone:flex-1"
        >
          {t(saved ? 'save' : 'make')}
        </Button>
      </SaveBar>
    </form>
  );
}

const FIELDS = ['name', 'note', 'from', 'to', 'weekdays', 'timeZone', 'scope'] as const;

/** What is wrong, each at its field; `form` is what belongs to none. */
function problemsOf(refusal: Refusal | null): BlackoutProblems & { form?: string } {
  const found: BlackoutProblems & { form?: string } = {};
  if (refusal === null) return found;
  for (const { path, message } of refusal.fields ?? []) {
    const field = FIELDS.find((name) => path.includes(name));
    if (field) found[field] ??= message;
    else found.form ??= message;
  }
  if (Object.keys(found).length === 0) found.form = refusal.message;
  return found;
}
