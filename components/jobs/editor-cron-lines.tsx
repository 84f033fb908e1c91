'use client';

import { useTranslations } from 'next-intl';
import { useController, useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { DIALECTS, type Dialect } from '#core/schedules/dialects/dialect.ts';
import { ScheduleWords } from '#components/schedules/schedule-words.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { FormField, LineProblem, useLineControl } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { AddLine, RemoveLine } from './editor-lines.tsx';
import { useCoarseNow, useScheduleTools } from './use-schedule-tools.ts';

const MOST_LINES = 20;

/** The lines of a cron schedule, each with its words beside it. `saved` marks the ones that are new. */
export function CronLines({ saved }: { saved: readonly string[] | null }) {
  const t = useTranslations('editor');
  const { control, getValues, setValue, trigger } = useFormContext<EditorForm>();
  const { fields, append, remove, replace } = useFieldArray({ control, name: 'schedule.lines' });
  const { field: dialect } = useController({ control, name: 'schedule.dialect' });

  /** Each dialect keeps what was typed in it; one that nothing was typed in yet begins with what stands there. */
  const write = (next: Dialect) => {
    const typed = getValues('schedule.lines').map(({ text }) => text);
    const others = getValues('schedule.otherLines');
    setValue('schedule.otherLines', { ...others, [dialect.value]: typed });
    dialect.onChange(next);
    const lines = others[next] ?? typed;
    replace(lines.map((text) => ({ text })));
    if (lines.every((text) => text.trim() === '')) return;
    for (const [index, text] of lines.entries()) {
      // A line that means nothing in this dialect says so at once.
      setValue(`schedule.lines.${index}.text`, text, { shouldTouch: true });
    }
    void trigger('schedule.lines');
  };

  return (
    <>
      <FormField name="schedule.dialect" label={t('dialect')}>
        <Select
          options={DIALECTS.map((value) => ({ value, label: t(`dialectName.${value}`) }))}
          value={dialect.value}
          onValueChange={write}
          className="desk:max-w-70"
        />
      </FormField>
      <FormField
        name="schedule.lines"
        label={t('cronLines')}
        explanation={t(`cronLinesHint.${dialect.value}`)}
        group
      >
        <div className="grid gap-2">
          {fields.map((field, index) => (
            <CronLine
              key={field.id}
              index={index}
              saved={saved}
              onRemove={fields.length > 1 ? () => remove(index) : undefined}
            />
          ))}
        </div>
        {fields.length < MOST_LINES && (
          <AddLine onAdd={() => append({ text: '' })} isFirst={false}>
            {t('addLine')}
          </AddLine>
        )}
      </FormField>
    </>
  );
}

function CronLine({
  index,
  saved,
  onRemove,
}: {
  index: number;
  saved: readonly string[] | null;
  onRemove: (() => void) | undefined;
}) {
  const t = useTranslations('editor');
  const { control, register } = useFormContext<EditorForm>();
  const name = `schedule.lines.${index}.text` as const;
  const text = useWatch({ control, name });
  const dialect = useWatch({ control, name: 'schedule.dialect' });
  const isNew = saved !== null && text.trim() !== '' && !saved.includes(text.trim());
  return (
    <div>
      <div className="grid grid-cols-[11rem_minmax(0,1fr)_auto] items-center gap-3 phone:grid-cols-[minmax(0,1fr)_auto] phone:gap-x-2 phone:gap-y-1">
        <Input
          {...register(name)}
          {...useLineControl(name, t('cronLineNumber', { number: index + 1 }))}
          placeholder={placeholders[dialect]}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          mono
          className={isNew ? 'border-accent ring-1 ring-accent' : undefined}
        />
        <span className="min-w-0 text-table text-pretty text-ink-2 phone:row-start-2">
          {text.trim() === '' ? (
            <Examples index={index} />
          ) : (
            <LineWords text={text} isNew={isNew} />
          )}
        </span>
        {onRemove ? <RemoveLine onRemove={onRemove} /> : <span />}
      </div>
      <LineProblem name={name} />
    </div>
  );
}

const placeholders: Readonly<Record<Dialect, string>> = {
  unix: '30 2 * * *',
  croner: '30 2 * * *',
  quartz: '0 30 2 * * ?',
  systemd: '*-*-* 02:30',
};

function LineWords({ text, isNew }: { text: string; isNew: boolean }) {
  const t = useTranslations('editor');
  const tools = useScheduleTools();
  const nowMs = useCoarseNow();
  const { control } = useFormContext<EditorForm>();
  const [timeZone, dialect] = useWatch({
    control,
    name: ['schedule.timeZone', 'schedule.dialect'],
  });
  const line = tools?.describeLine(text, dialect, timeZone, new Date(nowMs));
  if (!line) return null;
  return (
    <>
      <ScheduleWords schedule={line.description}>
        {/* A line without words of its own is told once, by what it became. */}
        {(words) => (words === line.became ? null : words)}
      </ScheduleWords>
      {line.timeZone !== null && t('lineZone', { zone: line.timeZone })}
      {isNew && <span className="text-accent">{t('lineIsNew')}</span>}
      {line.became !== null && (
        <span className="block text-meta text-ink-3">
          {t.rich('lineBecame', {
            became: line.became,
            code: (words) => <code className="font-mono">{words}</code>,
          })}
        </span>
      )}
    </>
  );
}

/** Lines to begin with, in words; a click writes one. */
function Examples({ index }: { index: number }) {
  const t = useTranslations('editor');
  const tools = useScheduleTools();
  const nowMs = useCoarseNow();
  const { control, setValue } = useFormContext<EditorForm>();
  const dialect = useWatch({ control, name: 'schedule.dialect' });
  if (!tools) return null;
  const now = new Date(nowMs);
  return (
    <span className="flex flex-wrap gap-x-3 text-meta text-ink-3">
      {t('forExample')}
      {tools.exampleLines[dialect].map((text) => {
        const line = tools.describeLine(text, dialect, 'UTC', now);
        return (
          line && (
            <button
              key={text}
              type="button"
              title={text}
              className="text-accent hover:underline phone:min-h-11"
              onClick={() =>
                setValue(`schedule.lines.${index}.text`, text, {
                  shouldDirty: true,
                  shouldValidate: true,
                })
              }
            >
              <ScheduleWords schedule={line.description} />
            </button>
          )
        );
      })}
    </span>
  );
}
