'use client';

import { useTranslations } from 'next-intl';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { ScheduleWords } from '#components/schedules/schedule-words.tsx';
import { Input } from '#components/ui/input.tsx';
import { FormField, LineProblem, useLineControl } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { AddLine, RemoveLine } from './editor-lines.tsx';
import { useCoarseNow, useScheduleTools } from './use-schedule-tools.ts';

const MOST_LINES = 20;

/** The lines of a cron schedule, each with its words beside it. `saved` marks the ones that are new. */
export function CronLines({ saved }: { saved: readonly string[] | null }) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const { fields, append, remove } = useFieldArray({ control, name: 'schedule.lines' });
  return (
    <FormField name="schedule.lines" label={t('cronLines')} explanation={t('cronLinesHint')} group>
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
  const isNew = saved !== null && text.trim() !== '' && !saved.includes(text.trim());
  return (
    <div>
      <div className="grid grid-cols-[11rem_minmax(0,1fr)_auto] items-center gap-3 phone:grid-cols-[minmax(0,1fr)_auto] phone:gap-x-2 phone:gap-y-1">
        <Input
          {...register(name)}
          {...useLineControl(name, t('cronLineNumber', { number: index + 1 }))}
          placeholder="30 2 * * *"
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

function LineWords({ text, isNew }: { text: string; isNew: boolean }) {
  const t = useTranslations('editor');
  const tools = useScheduleTools();
  const nowMs = useCoarseNow();
  const { control } = useFormContext<EditorForm>();
  const timeZone = useWatch({ control, name: 'schedule.timeZone' });
  const description = tools?.describeLine(text, timeZone, new Date(nowMs));
  if (!description) return null;
  return (
    <>
      <ScheduleWords schedule={description} />
      {isNew && <span className="text-accent">{t('lineIsNew')}</span>}
    </>
  );
}

const examples = ['*/15 * * * *', '5 * * * *', '30 2 * * *', '30 6 * * 1-5'];

/** Lines to begin with, in words; a click writes one. */
function Examples({ index }: { index: number }) {
  const t = useTranslations('editor');
  const tools = useScheduleTools();
  const nowMs = useCoarseNow();
  const { setValue } = useFormContext<EditorForm>();
  if (!tools) return null;
  const now = new Date(nowMs);
  return (
    <span className="flex flex-wrap gap-x-3 text-meta text-ink-3">
      {t('forExample')}
      {examples.map((line) => {
        const description = tools.describeLine(line, 'UTC', now);
        return (
          description && (
            <button
              key={line}
              type="button"
              title={line}
              className="text-accent hover:underline phone:min-h-11"
              onClick={() =>
                setValue(`schedule.lines.${index}.text`, line, {
                  shouldDirty: true,
                  shouldValidate: true,
                })
              }
            >
              <ScheduleWords schedule={description} />
            </button>
          )
        );
      })}
    </span>
  );
}
