'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

const HOUR_MS = 3_600_000;
const QUICK = { hour: HOUR_MS, sixHours: 6 * HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS };

/** ISO 8601; `to` is exclusive. */
type Stretch = { from: string | null; to: string | null };

/** A stretch of time, quick or to the minute in the reader's zone. */
export function RunTimeChoice({
  address,
  change,
  onDone,
}: {
  address: Stretch;
  change: (next: Stretch) => void;
  onDone: () => void;
}) {
  const t = useTranslations('runs.time');
  const clock = useClock();
  const [from, setFrom] = useState(() => localOf(address.from));
  const [to, setTo] = useState(() => localOf(address.to));
  const isBackwards = from !== '' && to !== '' && from >= to;
  const take = (event: FormEvent) => {
    event.preventDefault();
    if (isBackwards) return;
    change({ from: isoOf(from), to: isoOf(to) });
    onDone();
  };
  return (
    <form onSubmit={take} className="grid w-64 gap-3">
      <div className="flex flex-wrap gap-1.5">
        {(Object.keys(QUICK) as (keyof typeof QUICK)[]).map((name) => (
          <Button
            key={name}
            size="small"
            onClick={() => {
              // A whole minute, so that the address of a moment later is the same.
              const at = Math.floor((clock.now() - QUICK[name]) / 60_000) * 60_000;
              change({ from: new Date(at).toISOString(), to: null });
              onDone();
            }}
          >
            {t(name)}
          </Button>
        ))}
      </div>
      <Field label={t('from')}>
        <Input
          small
          type="datetime-local"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
      </Field>
      <Field label={t('to')} error={isBackwards ? t('backwards') : undefined}>
        <Input
          small
          type="datetime-local"
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
      </Field>
      <Button type="submit" size="small" disabled={isBackwards}>
        {t('take')}
      </Button>
    </form>
  );
}

/** The chosen time as the filter says it: "9 Mar, 00:00 to 12 Mar, 00:00"; null when none is chosen. */
export function useTimeFilterWords({ from, to }: Stretch): string | null {
  const t = useTranslations('runs.time');
  const words = useTimeWords();
  const clock = useClock();
  const say = (at: string) => words.absolute(Date.parse(at), clock.atFirst);
  if (from !== null && to !== null) return t('between', { from: say(from), to: say(to) });
  if (from !== null) return t('since', { from: say(from) });
  return to === null ? null : t('until', { to: say(to) });
}

// An input of this type speaks the browser's zone, which is the reader's.
function localOf(at: string | null): string {
  if (at === null) return '';
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function isoOf(local: string): string | null {
  return local === '' ? null : new Date(local).toISOString();
}
