'use client';

import { useTranslations } from 'next-intl';
import { isUnchanged, type DifferenceAhead, type FatedFire } from '#core/schedules/fire-counts.ts';
import { cn } from '#components/ui/cn.ts';
import { Segmented } from '#components/ui/segmented.tsx';
import { DifferenceChart, type Zoom, ZOOMS } from './editor-difference-chart.tsx';
import { useBlackoutFate } from './use-blackout-fate.ts';
import { useWhen } from './use-when.ts';

const zooms = Object.keys(ZOOMS) as Zoom[];

/** What saving would do to the ticks ahead: a sentence, both schedules on one axis of time, and a list behind it. */
export function Difference({
  difference,
  timeZone,
  nowMs,
  zoom,
  onZoom,
}: {
  difference: DifferenceAhead;
  timeZone: string;
  nowMs: number;
  zoom: Zoom;
  onZoom: (zoom: Zoom) => void;
}) {
  const t = useTranslations('before');
  return (
    <section aria-label={t('difference')} className="mb-6">
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-head">{t('difference')}</h2>
        <Segmented
          label={t('zoom')}
          options={zooms.map((value) => ({ value, label: t(`zoomName.${value}`) }))}
          value={zoom}
          onValueChange={onZoom}
        />
      </div>
      <p className="mt-1.5 text-table text-pretty [&_b]:font-medium" aria-live="polite">
        <Sentence difference={difference} timeZone={timeZone} nowMs={nowMs} zoom={zoom} />
      </p>
      <InBlackouts difference={difference} />
      <DifferenceChart difference={difference} timeZone={timeZone} zoom={zoom} />
      <ChangedFires difference={difference} timeZone={timeZone} nowMs={nowMs} />
    </section>
  );
}

function Sentence({
  difference,
  timeZone,
  nowMs,
  zoom,
}: {
  difference: DifferenceAhead;
  timeZone: string;
  nowMs: number;
  zoom: Zoom;
}) {
  const t = useTranslations('before');
  const when = useWhen(timeZone, nowMs);
  const { saved, edited, kept, changed } = difference;
  if (isUnchanged(difference)) return t('changesNothing', { stretch: t(`stretch.${zoom}`) });
  if (kept === null) return t('changesUncounted', { saved, edited });
  const [first] = changed;
  const counts = { vanish: saved - kept, fresh: edited - kept };
  return (
    <>
      {first
        ? t.rich('changes', { ...counts, from: when(first.atMs), b: (words) => <b>{words}</b> })
        : t('changesLate', counts)}{' '}
      <span className="text-ink-2">{t('keptToo', { kept })}</span>
    </>
  );
}

/** Of the ticks after saving, those that fall in a blackout. */
function InBlackouts({ difference: { blackouts } }: { difference: DifferenceAhead }) {
  const t = useTranslations('before');
  if (!blackouts || blackouts.fires === 0) return null;
  const { fires, later, names } = blackouts;
  return (
    <p className="mt-0.5 text-table text-pretty text-time-ink">
      {t('inBlackouts', { fires, later, names: names.join(', ') })}
    </p>
  );
}

function ChangedFires({
  difference: { changed, isCut },
  timeZone,
  nowMs,
}: {
  difference: DifferenceAhead;
  timeZone: string;
  nowMs: number;
}) {
  const t = useTranslations('before');
  const when = useWhen(timeZone, nowMs);
  const fateOf = useBlackoutFate(timeZone, nowMs);
  if (changed.length === 0) return null;
  return (
    <details className="mt-2 text-table">
      <summary className="cursor-default text-ink-2 hover:text-ink phone:py-3">
        {t('changedList', { count: changed.length, cut: String(isCut) })}
      </summary>
      <ol className="mt-1" aria-label={t('difference')}>
        {changed.map((fire) => (
          <ChangedFire
            key={`${fire.fate} ${fire.atMs}`}
            fire={fire}
            when={when(fire.atMs)}
            inBlackout={fire.blackout && fateOf(fire.blackout)}
          />
        ))}
        {isCut && <li className="py-1 text-meta text-ink-3">{t('changedCut')}</li>}
      </ol>
    </details>
  );
}

function ChangedFire({
  fire: { fate },
  when,
  inBlackout,
}: {
  fire: FatedFire;
  when: string;
  inBlackout: string | undefined;
}) {
  const t = useTranslations('before');
  if (fate === 'kept') return null;
  return (
    <li className="grid h-[26px] grid-cols-[20px_minmax(7rem,auto)_minmax(0,1fr)] items-center gap-x-2 whitespace-nowrap">
      <span
        aria-hidden
        className={cn('font-mono', fate === 'new' ? 'text-accent' : 'text-time-ink')}
      >
        {fate === 'new' ? '+' : '−'}
      </span>
      <span className={cn(fate === 'vanishes' && 'line-through decoration-ink-3')}>{when}</span>
      <span
        className={cn(
          'truncate text-right text-meta',
          inBlackout === undefined ? 'text-ink-2' : 'text-time-ink',
        )}
        title={inBlackout}
      >
        {inBlackout ?? t(`fate.${fate}`)}
      </span>
    </li>
  );
}
