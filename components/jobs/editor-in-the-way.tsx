'use client';

import { useTranslations } from 'next-intl';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import type { OverlapRule } from '#core/jobs/definition.ts';
import { CATCH_UP_RULES } from '#core/schedules/catch-up.ts';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Combobox } from '#components/ui/combobox.tsx';
import { AmountField } from './editor-amount.tsx';
import { ChoiceField, FormField, NumberField } from './editor-fields.tsx';
import type { EditorForm } from './editor-form.ts';
import { PairsField } from './editor-lines.tsx';
import { Reach } from './editor-reach.tsx';
import { EditorSection } from './editor-section.tsx';
import type { EditorQueue } from './editor-view.ts';

const overlapRules: readonly OverlapRule[] = [
  'skip',
  'queue_one',
  'queue_all',
  'cancel_previous',
  'allow',
];

/** What becomes of a tick that can't simply start. */
export function InTheWay({ queues }: { queues: readonly EditorQueue[] }) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const words = useTimeWords();
  const overlap = useWatch({ control, name: 'overlap' });
  const catchUp = useWatch({ control, name: 'catchUp' });
  const [type, from] = useWatch({ control, name: ['schedule.type', 'schedule.from'] });
  const isAfterEnd = type === 'interval' && from === 'end';
  const queueName = useWatch({ control, name: 'queue' });
  const queue = queues.find(({ name }) => name === queueName);
  return (
    <EditorSection name="inTheWay" title={t('section.inTheWay')}>
      <Reach of="what">
        <ChoiceField
          name="overlap"
          label={t('overlap')}
          explanation={t(`overlapHint.${overlap}`)}
          options={overlapRules.map((value) => ({ value, label: t(`overlapName.${value}`) }))}
        />
        {overlap === 'allow' && (
          <NumberField
            name="maxParallel"
            label={t('maxParallel')}
            unit={t('atOnce')}
            explanation={t('maxParallelHint')}
          />
        )}
      </Reach>
      <Reach of="when">
        {/* Nothing is missed where the next tick counts from the end of the last run. */}
        {!isAfterEnd && (
          <ChoiceField
            name="catchUp"
            label={t('catchUp')}
            explanation={t(`catchUpHint.${catchUp}`)}
            options={CATCH_UP_RULES.map((value) => ({
              value,
              label: t(`catchUpName.${value}`),
            }))}
          />
        )}
        {catchUp === 'all' && !isAfterEnd && (
          <>
            <NumberField
              name="catchUpMost"
              label={t('catchUpMost')}
              unit={t('catchUpMostUnit')}
              explanation={t('catchUpMostHint')}
            />
            <NumberField
              name="catchUpPerMinute"
              label={t('catchUpPerMinute')}
              unit={t('catchUpPerMinuteUnit')}
              explanation={t('catchUpPerMinuteHint')}
            />
          </>
        )}
        <AmountField
          name="startDeadline"
          label={t('startDeadline')}
          explanation={t('startDeadlineHint')}
        />
      </Reach>
      <Reach of="what">
        <AmountField
          name="timeout"
          label={t('timeout')}
          explanation={t('timeoutHint', {
            queue: queueName,
            duration: queue ? words.duration(queue.defaultTimeoutMs) : '',
            known: String(queue !== undefined),
          })}
          ifEmpty={queue ? words.duration(queue.defaultTimeoutMs) : undefined}
        />
      </Reach>
      <Reach of="work">
        <QueueField queues={queues} />
      </Reach>
      <Reach of="what">
        <ChoiceField
          name="priority"
          label={t('priority')}
          explanation={t('priorityHint')}
          options={(['2', '1', '0', '-1', '-2'] as const).map((value) => ({
            value,
            label: t(`priorityName.${value}`),
          }))}
        />
      </Reach>
      <Reach of="work">
        <PairsField
          name="runsOn"
          label={t('runsOn')}
          explanation={t('runsOnHint')}
          nameLabel={t('labelName')}
          valueLabel={t('labelValue')}
          add={t('addLabel')}
        />
      </Reach>
    </EditorSection>
  );
}

function QueueField({ queues }: { queues: readonly EditorQueue[] }) {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const { field } = useController({ control, name: 'queue' });
  const queue = queues.find(({ name }) => name === field.value);
  return (
    <FormField
      name="queue"
      label={t('queue')}
      explanation={
        queue
          ? t('queueHint', { running: queue.maxRunning, waiting: queue.maxWaiting })
          : t('queueUnknown')
      }
    >
      <Combobox
        options={queues.map(({ name, description, maxRunning }) => ({
          value: name,
          label: name,
          hint: t('queueAtOnce', { count: maxRunning }),
          keywords: [description],
        }))}
        value={field.value}
        onValueChange={field.onChange}
        onBlur={field.onBlur}
        searchPlaceholder={t('queueSearch')}
        mono
        className="desk:max-w-70"
      />
    </FormField>
  );
}
