'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { type FormEvent, useDeferredValue, useState } from 'react';
import type { Refusal } from '#core/outcome.ts';
import type { TypedParameters } from '#components/parameters/parameter-fields.tsx';
import { parametersOf } from '#components/parameters/parameter-fields.tsx';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/input.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { notify } from '#components/ui/toast.tsx';
import { MOST_PICKED } from '#core/backfill/backfill-limits.ts';
import { BACKFILL_RULES } from '#core/backfill/words.ts';
import { useBackfillAddress } from './backfill-address.ts';
import { BackfillPreview } from './backfill-preview.tsx';
import type { AskedBackfill } from './backfill-queries.ts';
import type { JobToBackfill, StartAction } from './backfill-view.ts';
import { RateFields, rateOf, type TypedRate } from './rate-fields.tsx';
import { StretchFields } from './stretch-fields.tsx';

// What few backfills need comes when it is unfolded.
const PickOccurrences = dynamic(
  () => import('./pick-occurrences.tsx').then((file) => file.PickOccurrences),
  { ssr: false },
);
const ParameterFields = dynamic(
  () => import('#components/parameters/parameter-fields.tsx').then((file) => file.ParameterFields),
  { ssr: false },
);

/** Which occurrences, how fast, and beside it what that would do. */
export function BackfillForm({
  job,
  usualFrom,
  mayStart,
  startBackfill,
}: {
  job: JobToBackfill;
  usualFrom: string;
  mayStart: boolean;
  startBackfill: StartAction;
}) {
  const t = useTranslations('backfill');
  const who = useTranslations('whoMay');
  const router = useRouter();
  const [address, change] = useBackfillAddress();
  const [rate, setRate] = useState<TypedRate>({
    perMinute: '60',
    atOnce: job.runsSideBySide ? '3' : '1',
  });
  const [picked, setPicked] = useState<string[]>([]);
  const [givesWay, setGivesWay] = useState(true);
  const [typed, setTyped] = useState<TypedParameters | null>(null);
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { act, pending } = useAct<'start'>();
  const from = address.from ?? usualFrom;
  const asked: AskedBackfill = {
    from,
    ...(address.to !== null && { to: address.to }),
    rule: address.which,
    picked,
    newestFirst: address.order === 'newest',
    ...rateOf(rate),
  };
  const problemAt = (name: string) =>
    refusal?.fields?.find(({ path }) => path.includes(name))?.message;

  async function start(event: FormEvent) {
    event.preventDefault();
    setRefusal(null);
    const made = await act(
      'start',
      () =>
        startBackfill({
          ...asked,
          picked: asked.rule === 'pick' ? picked : [],
          jobId: job.id,
          givesWay,
          parameters: typed === null ? {} : parametersOf(job.parameters, typed),
          reason,
        }),
      setRefusal,
    );
    if (!made) return;
    notify(t(made.waitsForResume ? 'startedWaits' : 'started', { id: made.id }));
    router.push(`/jobs/${job.key}/backfill/${made.id}`);
  }

  return (
    <form
      onSubmit={(event) => void start(event)}
      noValidate
      className="mt-4 grid gap-x-12 gap-y-6 min-[70rem]:grid-cols-[minmax(0,38rem)_minmax(0,1fr)]"
    >
      <div className="grid content-start gap-4">
        <StretchFields
          from={from}
          to={address.to}
          onChange={(stretch) => {
            setPicked([]);
            change(stretch);
          }}
          problem={problemAt('from') ?? problemAt('to')}
        />
        <Field group layout="side" label={t('which')} error={problemAt('picked')}>
          <RadioGroup
            layout="list"
            options={BACKFILL_RULES.map((value) => ({
              value,
              label: t(`rule.${value}`),
              hint: t(`ruleHint.${value}`, { most: MOST_PICKED }),
            }))}
            value={address.which}
            onValueChange={(which) => change({ which })}
          />
          {address.which === 'pick' && (
            <PickOccurrences
              jobId={job.id}
              stretch={{ from, ...(address.to !== null && { to: address.to }) }}
              newestFirst={asked.newestFirst}
              picked={picked}
              onPick={setPicked}
            />
          )}
        </Field>
        <Field group layout="side" label={t('order')}>
          <Segmented
            label={t('order')}
            options={[
              { value: 'oldest', label: t('oldest') },
              { value: 'newest', label: t('newest') },
            ]}
            value={address.order}
            onValueChange={(order) => change({ order })}
          />
        </Field>
        <RateFields
          layout="side"
          rate={rate}
          onChange={setRate}
          problems={{ perMinute: problemAt('perMinute'), atOnce: problemAt('atOnce') }}
        />
        <div className="desk:pl-40">
          <CheckboxLine
            label={t('givesWay')}
            hint={t('givesWayHint')}
            checked={givesWay}
            onCheckedChange={setGivesWay}
          />
        </div>
        {job.parameters.length > 0 && (
          <Field
            group
            layout="side"
            label={t('parameters')}
            explanation={typed === null ? undefined : t('parametersHint')}
          >
            {typed === null ? (
              <Button size="small" onClick={() => setTyped({})}>
                {t('changeParameters')}
              </Button>
            ) : (
              <div className="grid gap-3">
                <ParameterFields
                  parameters={job.parameters}
                  typed={typed}
                  problems={Object.fromEntries(
                    (refusal?.fields ?? []).flatMap(({ path: [part, name], message }) =>
                      part === 'parameters' ? [[String(name), message]] : [],
                    ),
                  )}
                  onType={(name, value) => setTyped({ ...typed, [name]: value })}
                />
              </div>
            )}
          </Field>
        )}
        <Field layout="side" label={t('reason')} explanation={t('reasonHint')}>
          <Textarea
            rows={1}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            className="min-h-control"
          />
        </Field>
      </div>
      <BackfillPreview
        job={job}
        asked={useDeferredValue(asked)}
        submit={(count) => (
          <>
            {refusal && !refusal.fields && (
              <p role="alert" className="text-table text-pretty text-fail-ink">
                {refusal.message}
              </p>
            )}
            <Button
              type="submit"
              variant="primary"
              pending={pending === 'start'}
              disabled={!mayStart || count === 0}
              title={mayStart ? undefined : who('job:trigger')}
            >
              {t('start', { count: count ?? 0 })}
            </Button>
          </>
        )}
      />
    </form>
  );
}
