'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { DST_OF_DIALECT } from '#core/schedules/dialects/dialect.ts';
import { MISSING_TIME_RULES, REPEATED_TIME_RULES, type DstRule } from '#core/schedules/dst-rule.ts';
import { Field } from '#components/ui/field.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import type { RuleExamples } from './clock-effects.ts';
import { scheduleOf } from './definition-of-form.ts';
import { RadioField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { useCoarseNow, useScheduleTools } from './use-schedule-tools.ts';
import { offsetInWords, useZoneWords } from './zone-words.ts';

/** What becomes of fixed times when the clock changes, each rule with what it would do at the next change. */
export function DstRules() {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const dialect = useWatch({ control, name: 'schedule.dialect' });
  const { field: by } = useController({ control, name: 'schedule.dstBy' });
  const { field: chosen } = useController({ control, name: 'schedule.dst' });
  const examples = useExamples();
  // Where no rule matters there is nothing to choose, but what was chosen stays in sight.
  if (examples.isNone && by.value === 'dialect') return null;
  const rule = chosen.value ?? DST_OF_DIALECT[dialect];
  return (
    <>
      <RadioField
        name="schedule.dstBy"
        label={t('dstBy')}
        explanation={
          by.value === 'own'
            ? t('dstByOwnHint')
            : [
                examples.missing(DST_OF_DIALECT[dialect].missing),
                examples.repeated(DST_OF_DIALECT[dialect].repeated),
              ]
                .filter((words) => words !== null)
                .join(' ')
        }
        options={[
          { value: 'dialect', label: t('dstByDialect', { dialect: t(`dialectName.${dialect}`) }) },
          { value: 'own', label: t('dstByOwn') },
        ]}
      />
      {by.value === 'own' && (
        <>
          <Field layout="side" group label={t('dstMissing')}>
            <RadioGroup
              layout="list"
              options={MISSING_TIME_RULES.map((value) => ({
                value,
                label: t(`dstMissingName.${value}`),
                hint: examples.missing(value),
              }))}
              value={rule.missing}
              onValueChange={(missing) => chosen.onChange({ ...rule, missing })}
            />
          </Field>
          <Field layout="side" group label={t('dstRepeated')}>
            <RadioGroup
              layout="list"
              options={REPEATED_TIME_RULES.map((value) => ({
                value,
                label: t(`dstRepeatedName.${value}`),
                hint: examples.repeated(value),
              }))}
              value={rule.repeated}
              onValueChange={(repeated) => chosen.onChange({ ...rule, repeated })}
            />
          </Field>
        </>
      )}
    </>
  );
}

/** "28 Mar 2027: 02:30 runs at 03:00." */
function useExamples() {
  const t = useTranslations('editor');
  const tools = useScheduleTools();
  const nowMs = useCoarseNow();
  const { control } = useFormContext<EditorForm>();
  const form = useWatch({ control, name: 'schedule' });
  const zone = useZoneWords(form.timeZone);
  const examples: RuleExamples | null = useMemo(
    () => tools?.ruleExamples(scheduleOf(form), new Date(nowMs)) ?? null,
    [tools, form, nowMs],
  );
  return {
    isNone: examples === null,
    missing: (rule: DstRule['missing']): string | null => {
      if (!examples?.missing) return null;
      const { atMs, wall, end, shift } = examples.missing;
      const to = rule === 'shift' ? shift : end;
      return t('dstMissingExample', { day: zone.day(atMs, nowMs), wall, to, rule });
    },
    repeated: (rule: DstRule['repeated']): string | null => {
      if (!examples?.repeated) return null;
      const { atMs, wall, first, second } = examples.repeated;
      return t('dstRepeatedExample', {
        day: zone.day(atMs, nowMs),
        wall,
        first: offsetInWords(first),
        second: offsetInWords(second),
        rule,
      });
    },
  };
}
