'use client';

import { useQuery } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'next-intl';
import { type ReactNode, useDeferredValue, useState } from 'react';
import type { SavedSpread, SpreadEffect, SpreadView } from '#core/forecast/spread-jobs.ts';
import { useAct } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { notify, notifyFailure } from '#components/ui/toast.tsx';
import { useForecastAddress } from './forecast-address.ts';
import { spreadEffectQuery, spreadQuery } from './forecast-queries.ts';
import type { SpreadActions } from './spread-actions.ts';
import { SpreadEdits } from './spread-edits.tsx';

/** Edits that take apart what meets in a minute: to look at, choose from and save together. */
export function SpreadDialog({
  minute,
  actions,
  onClose,
}: {
  minute: { queue: string; at: string };
  actions: SpreadActions;
  onClose: () => void;
}) {
  const t = useTranslations('forecast.spread');
  const words = useTimeWords();
  const clock = useClock();
  const timeZone = useTimeZone() ?? 'UTC';
  const [{ stretch }] = useForecastAddress();
  const { data, error } = useQuery(spreadQuery(stretch, timeZone, minute));
  const at = words.absolute(Date.parse(minute.at), clock.atFirst);
  const [without, setWithout] = useState<ReadonlySet<number>>(new Set());
  const effect = useEffectOfChosen(data, without);
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title={t('title', { at })}
        sentence={data ? <Effect spread={data} effect={effect} /> : undefined}
        width={760}
      >
        {data ? (
          <Proposal
            spread={data}
            effect={effect}
            without={without}
            onWithout={setWithout}
            at={at}
            actions={actions}
            onClose={onClose}
          />
        ) : (
          <>
            <DialogBody>
              {error ? (
                <Notice tone="fail" title={t('failed')}>
                  {error.message}
                </Notice>
              ) : (
                <RowsSkeleton rows={6} dense label={t('loading')} />
              )}
            </DialogBody>
            <DialogFoot>
              <Button onClick={onClose}>{t('cancel')}</Button>
            </DialogFoot>
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}

/** What the edits that are left do; null while it is being reckoned. */
type EffectOfChosen = SpreadEffect | null;

/** All of them were reckoned with the proposal, and none of them changes nothing. */
function useEffectOfChosen(
  spread: SpreadView | undefined,
  without: ReadonlySet<number>,
): EffectOfChosen {
  const timeZone = useTimeZone() ?? 'UTC';
  const [{ stretch }] = useForecastAddress();
  const settled = useDeferredValue(without);
  const chosen = new Set(
    spread?.edits.flatMap(({ jobId }) => (settled.has(jobId) ? [] : [jobId])) ?? [],
  );
  const isSome = spread !== undefined && settled.size > 0 && chosen.size > 0;
  const { data, isPlaceholderData, isFetching } = useQuery({
    ...spreadEffectQuery(stretch, timeZone, spread ?? NOTHING, chosen),
    enabled: isSome,
  });
  if (!spread) return null;
  if (settled.size === 0) return spread;
  if (chosen.size === 0) return { before: spread.before, after: spread.before };
  return data && !isPlaceholderData && !isFetching ? data : null;
}

const NOTHING: SpreadView = {
  queue: '',
  at: '',
  slots: 0,
  target: 0,
  edits: [],
  left: [],
  before: { peak: 0, peakAt: '', waitMs: 0, longWaitMs: 0 },
  after: { peak: 0, peakAt: '', waitMs: 0, longWaitMs: 0 },
};

/** "Peak of 42 at 00:00 → 5 at 00:17." */
function Effect({ spread, effect }: { spread: SpreadView; effect: EffectOfChosen }) {
  const t = useTranslations('forecast.spread');
  const words = useTimeWords();
  const clock = useClock();
  const { queue, slots } = spread;
  const { before, after } = effect ?? spread;
  const at = (instant: string) => words.absolute(Date.parse(instant), clock.atFirst);
  const isBetter = spread.edits.length > 0 && effect?.after !== effect?.before;
  const sentence = t.rich('sentence', {
    isBetter: String(isBetter || effect === null),
    before: before.peak,
    beforeAt: at(before.peakAt),
    after: after.peak,
    afterAt: at(after.peakAt),
    queue,
    slots,
    waits: before.waitMs < 1_000 ? 'none' : after.waitMs < 1_000 ? 'shorter' : 'true',
    waitBefore: words.duration(before.waitMs),
    waitAfter: words.duration(after.waitMs),
    b: (chunks: ReactNode) => <b>{chunks}</b>,
  });
  return (
    <span
      aria-live="polite"
      aria-busy={effect === null}
      className={cn(effect === null && 'opacity-50')}
    >
      {sentence}
    </span>
  );
}

function Proposal({
  spread,
  effect,
  without,
  onWithout,
  at,
  actions,
  onClose,
}: {
  spread: SpreadView;
  effect: EffectOfChosen;
  without: ReadonlySet<number>;
  onWithout: (without: ReadonlySet<number>) => void;
  at: string;
  actions: SpreadActions;
  onClose: () => void;
}) {
  const t = useTranslations('forecast.spread');
  const { act, pending } = useAct<'save'>();
  const all = spread.edits.map(({ jobId }) => jobId);
  const chosen = new Set(all.filter((jobId) => !without.has(jobId)));
  const [refused, setRefused] = useState<SavedSpread>([]);
  const { before, after } = effect ?? spread;
  // What nobody has typed says what the chosen ones do.
  const [typed, setTyped] = useState<string | null>(null);
  const note =
    typed ?? t('noteText', { at, queue: spread.queue, before: before.peak, after: after.peak });
  const takeBack = useTakeBack(actions);
  const refusedIds = new Set(refused.map(({ jobId }) => jobId));
  const edits = spread.edits.filter(
    ({ jobId }) => chosen.has(jobId) && (refused.length === 0 || refusedIds.has(jobId)),
  );
  const save = async () => {
    const given = edits.map(({ jobId, revision, schedule }) => ({
      jobId,
      basedOnRevision: revision,
      schedule,
    }));
    const saved = await act('save', () => actions.saveSpread({ edits: given, note }));
    if (saved === null) return;
    const done = saved.filter(({ revision }) => revision !== null);
    if (done.length > 0) {
      notify(t('saved', { count: done.length }), {
        undo: { label: t('undo'), run: () => void takeBack(done) },
      });
    }
    const problems = saved.filter(({ problem }) => problem !== null);
    if (problems.length === 0) onClose();
    else setRefused(problems);
  };
  return (
    <>
      <DialogBody>
        {refused.length > 0 && <Refused refused={refused} />}
        {spread.edits.length === 0 ? (
          <p className="py-2 text-table text-ink-2">{t('none')}</p>
        ) : (
          refused.length === 0 && (
            <>
              <p className="pb-2 text-table text-ink-2">
                {t('target', { target: spread.target, slots: spread.slots })}
              </p>
              <SpreadEdits
                edits={spread.edits}
                chosen={chosen}
                onChange={(next) => onWithout(new Set(all.filter((jobId) => !next.has(jobId))))}
              />
            </>
          )
        )}
        {refused.length === 0 && <Left left={spread.left} />}
        {refused.length === 0 && spread.edits.length > 0 && (
          <Field label={t('note')} className="mt-3">
            <Input value={note} onChange={(event) => setTyped(event.target.value)} />
          </Field>
        )}
      </DialogBody>
      <DialogFoot note={t('foot')}>
        <Button onClick={onClose}>{t(refused.length > 0 ? 'close' : 'cancel')}</Button>
        {refused.length === 0 && (
          <Button
            variant="primary"
            pending={pending === 'save'}
            disabled={edits.length === 0 || (typed === null && effect === null)}
            onClick={() => void save()}
          >
            {t('save', { count: edits.length })}
          </Button>
        )}
      </DialogFoot>
    </>
  );
}

/** Those that somebody else overtook, each with what stood in its way; the others are saved. */
function Refused({ refused }: { refused: SavedSpread }) {
  const t = useTranslations('forecast.spread');
  return (
    <Notice tone="fail" title={t('notSaved', { count: refused.length })}>
      <ul className="space-y-1">
        {refused.map(({ jobId, key, problem }) => (
          <li key={jobId}>
            <span className="font-mono text-ink">{key}</span>: {problem}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Left({ left }: { left: SpreadView['left'] }) {
  const t = useTranslations('forecast.spread');
  if (left.length === 0) return null;
  return (
    <details className="mt-3 text-table text-ink-2">
      <summary className="cursor-pointer">{t('left', { count: left.length })}</summary>
      <ul className="mt-1 space-y-0.5 pl-4">
        {left.map(({ jobId, key, why }) => (
          <li key={jobId}>
            <span className="font-mono">{key}</span>
            {', '}
            <span className="text-ink-3">{t(`why.${why}`)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function useTakeBack({ takeSpreadBack }: SpreadActions) {
  const t = useTranslations('forecast.spread');
  const { act } = useAct<'undo'>();
  return async (saved: SavedSpread) => {
    const edits = saved.map(({ jobId, revision, before }) => ({
      jobId,
      basedOnRevision: revision!,
      revision: before,
    }));
    const back = await act('undo', () => takeSpreadBack({ edits }));
    if (back === null) return;
    if (back.restored > 0) notify(t('undone', { count: back.restored }));
    for (const problem of back.problems) notifyFailure(problem);
  };
}
