'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { instantText, wallOfText } from '#components/jobs/typed-dates.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

const DAY_MS = 86_400_000;
const QUICK = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };
const MINUTE_MS = 60_000;

/** A stretch of the past, to the minute in the reader's zone. */
export function StretchFields({
  from,
  to,
  onChange,
  problem,
}: {
  from: string;
  to: string | null;
  onChange: (stretch: { from?: string; to?: string | null }) => void;
  problem: string | undefined;
}) {
  const t = useTranslations('backfill');
  const { timeZone } = useTimeWords();
  const clock = useClock();
  return (
    <>
      <Field layout="side" label={t('from')} error={problem}>
        <div className="flex flex-wrap items-center gap-1.5">
          <InstantInput
            instant={from}
            timeZone={timeZone}
            onChange={(next) => {
              if (next !== null) onChange({ from: next });
            }}
          />
          {(Object.keys(QUICK) as (keyof typeof QUICK)[]).map((name) => (
            <Button
              key={name}
              size="small"
              variant="quiet"
              onClick={() => {
                const at = Math.floor((clock.now() - QUICK[name]) / MINUTE_MS) * MINUTE_MS;
                onChange({ from: new Date(at).toISOString(), to: null });
              }}
            >
              {t(name)}
            </Button>
          ))}
        </div>
      </Field>
      <Field layout="side" label={t('to')} explanation={t('toHint')}>
        <InstantInput
          instant={to}
          timeZone={timeZone}
          onChange={(next) => onChange({ to: next })}
        />
      </Field>
    </>
  );
}

/** Keeps what is typed; it is told once it is a time, or nothing at all. */
function InstantInput({
  instant,
  timeZone,
  onChange,
}: {
  instant: string | null;
  timeZone: string;
  onChange: (instant: string | null) => void;
}) {
  const shown = instant === null ? '' : wallOfText(instant, timeZone).slice(0, 16);
  const [typed, setTyped] = useState({ text: shown, of: shown });
  // Somebody else changed it: a quick choice, or the way back.
  if (typed.of !== shown) setTyped({ text: shown, of: shown });
  return (
    <Input
      type="datetime-local"
      value={typed.text}
      onChange={(event) => {
        const text = event.target.value;
        const read = text === '' ? null : instantText(text, timeZone);
        const isRead = read === null || !Number.isNaN(Date.parse(read));
        const next = read === null ? '' : text;
        setTyped({ text, of: isRead ? next : shown });
        if (isRead) onChange(read === null ? null : new Date(read).toISOString());
      }}
      className="desk:max-w-52"
    />
  );
}
