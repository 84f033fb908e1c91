'use client';

import { FileUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useRef, useState } from 'react';
import type { ImportedDates } from '#core/calendars/import-dates.ts';
import type { Refusal } from '#core/outcome.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { CalendarFormActions } from './calendar-actions.ts';
import { type DateList, type TypedCalendar, withDates } from './typed-calendar.ts';

const MOST_BYTES = 1_000_000;
const YEARS_AHEAD = 4;

type Imported = Pick<ImportedDates, 'leftOut' | 'leftOutNames' | 'atTimes'> & {
  file: string;
  list: DateList;
  added: number;
  known: number;
};

/** Takes the days of a calendar file (.ics) over into the form, and says which of its events it didn't. */
export function FileImport({
  typed,
  onChange,
  thisYear,
  importDates,
}: {
  typed: TypedCalendar;
  onChange: (changes: Partial<TypedCalendar>) => void;
  thisYear: number;
  importDates: CalendarFormActions['importDates'];
}) {
  const t = useTranslations('calendars.form');
  const input = useRef<HTMLInputElement>(null);
  const resultId = useId();
  const { act, pending } = useAct<'read'>();
  const [list, setList] = useState<DateList>('dates');
  const [years, setYears] = useState({
    from: String(thisYear),
    to: String(thisYear + YEARS_AHEAD),
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [imported, setImported] = useState<Imported | null>(null);

  const take = async (file: File) => {
    setProblem(null);
    setImported(null);
    if (file.size > MOST_BYTES) {
      setProblem(t('fileTooLarge', { bytes: file.size }));
      return;
    }
    const text = await file.text().catch(() => null);
    if (text === null) {
      setProblem(t('fileUnreadable'));
      return;
    }
    const refused = ({ message }: Refusal) => setProblem(message);
    const question = { text, fromYear: yearOf(years.from), toYear: yearOf(years.to) };
    const read = await act('read', () => importDates(question), refused);
    if (!read) return;
    const { dates, leftOut, leftOutNames, atTimes } = read;
    const joined = withDates(typed[list], dates);
    onChange({ [list]: joined.typed });
    setImported({
      file: file.name,
      list,
      added: joined.added,
      known: dates.length - joined.added,
      leftOut,
      leftOutNames,
      atTimes,
    });
  };

  return (
    <Field
      layout="side"
      group
      label={t('import')}
      explanation={t('importHint')}
      error={problem ?? undefined}
    >
      <div className="flex flex-wrap items-center gap-2 text-table text-ink-2">
        <input
          ref={input}
          type="file"
          accept=".ics,text/calendar"
          aria-label={t('importFile')}
          className="hidden"
          onChange={({ target }) => {
            const file = target.files?.[0];
            // The same file can be chosen again.
            target.value = '';
            if (file) void take(file);
          }}
        />
        <Button
          icon={<FileUp aria-hidden />}
          pending={pending !== null}
          aria-describedby={resultId}
          onClick={() => input.current?.click()}
        >
          {t('importFile')}
        </Button>
        <Select
          aria-label={t('importAs')}
          options={(['dates', 'workdays'] as const).map((value) => ({
            value,
            label: t(`importAsName.${value}`),
          }))}
          value={list}
          onValueChange={setList}
          className="w-44"
        />
        <span className="flex items-center gap-2">
          {t('importYears')}
          <Input
            aria-label={t('importFrom')}
            inputMode="numeric"
            autoComplete="off"
            value={years.from}
            onChange={({ target }) => setYears({ ...years, from: target.value })}
            className="w-16"
          />
          –
          <Input
            aria-label={t('importTo')}
            inputMode="numeric"
            autoComplete="off"
            value={years.to}
            onChange={({ target }) => setYears({ ...years, to: target.value })}
            className="w-16"
          />
        </span>
      </div>
      <div id={resultId} aria-live="polite" className="text-table text-pretty text-ink-2">
        {imported && <ImportResult imported={imported} />}
      </div>
    </Field>
  );
}

function ImportResult({ imported }: { imported: Imported }) {
  const t = useTranslations('calendars.form');
  const { file, list, added, known, leftOut, leftOutNames, atTimes } = imported;
  return (
    <ul className="mt-2 grid gap-0.5">
      <li className="text-ink">{t(`imported.${list}`, { count: added, file })}</li>
      {known > 0 && <li>{t('importedKnown', { count: known })}</li>}
      {atTimes > 0 && <li>{t('importedAtTimes', { count: atTimes })}</li>}
      {leftOut > 0 && (
        <li className="text-time-ink">
          {t('importedLeftOut', {
            count: leftOut,
            names: leftOutNames.join(', '),
            named: leftOutNames.length > 0 ? 'yes' : 'no',
          })}
        </li>
      )}
    </ul>
  );
}

// What isn't a number is left to the schema, which says so.
const yearOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
