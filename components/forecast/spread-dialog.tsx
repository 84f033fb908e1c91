'use client';

import { useQuery } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { SavedSpread, SpreadView } from '#core/forecast/spread-jobs.ts';
import { useAct } from '#components/shell/use-act.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogBody, DialogContent, DialogFoot } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { notify, notifyFailure } from '#components/ui/toast.tsx';
import { useForecastAddress } from './forecast-address.ts';
import { spreadQuery } from './forecast-queries.ts';
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
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title={t('title', { at })}
        sentence={data ? <Effect spread={data} /> : undefined}
        width={760}
      >
        {data ? (
          <Proposal spread={data} at={at} actions={actions} onClose={onClose} />
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

/** "Peak of 42 at 00:00 → 5 at 00:17." */
function Effect({ spread }: { spread: SpreadView }) {
  const t = useTranslations('forecast.spread');
  const words = useTimeWords();
  const clock = useClock();
  const { before, after, queue, slots } = spread;
  const at = (instant: string) => words.absolute(Date.parse(instant), clock.atFirst);
  return t.rich('sentence', {
    isBetter: String(spread.edits.length > 0),
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
}

function Proposal({
  spread,
  at,
  actions,
  onClose,
}: {
  spread: SpreadView;
  at: string;
  actions: SpreadActions;
  onClose: () => void;
}) {
  const t = useTranslations('forecast.spread');
  const { act, pending } = useAct<'save'>();
  const [chosen, setChosen] = useState(() => new Set(spread.edits.map(({ jobId }) => jobId)));
  const [refused, setRefused] = useState<SavedSpread>([]);
  const { before, after, queue } = spread;
  const [note, setNote] = useState(() =>
    t('noteText', { at, queue, before: before.peak, after: after.peak }),
  );
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
              <SpreadEdits edits={spread.edits} chosen={chosen} onChange={setChosen} />
            </>
          )
        )}
        {refused.length === 0 && <Left left={spread.left} />}
        {refused.length === 0 && spread.edits.length > 0 && (
          <Field label={t('note')} className="mt-3">
            <Input value={note} onChange={(event) => setNote(event.target.value)} />
          </Field>
        )}
      </DialogBody>
      <DialogFoot note={t('foot')}>
        <Button onClick={onClose}>{t(refused.length > 0 ? 'close' : 'cancel')}</Button>
        {refused.length === 0 && (
          <Button
            variant="primary"
            pending={pending === 'save'}
            disabled={edits.length === 0}
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
