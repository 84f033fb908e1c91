'use client';

import { useTranslations } from 'next-intl';
import type { ProposedEdit, ScheduleText } from '#core/forecast/spread-jobs.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';

/** A proposed edit a line: which job, what its schedule says now, and what it would. */
export function SpreadEdits({
  edits,
  chosen,
  onChange,
}: {
  edits: readonly ProposedEdit[];
  chosen: ReadonlySet<number>;
  onChange: (chosen: Set<number>) => void;
}) {
  const t = useTranslations('forecast.spread');
  const all = edits.every(({ jobId }) => chosen.has(jobId));
  const toggle = (jobId: number, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(jobId);
    else next.delete(jobId);
    onChange(next);
  };
  return (
    <fieldset>
      <legend className="sr-only">{t('edits')}</legend>
      <label className="flex items-center gap-2.5 border-b border-line pb-1.5 text-meta text-ink-3">
        <Checkbox
          checked={all || (chosen.size > 0 && 'indeterminate')}
          onCheckedChange={(isChosen) =>
            onChange(new Set(isChosen ? edits.map(({ jobId }) => jobId) : []))
          }
        />
        {t('all', { count: edits.length })}
      </label>
      <ul className="max-h-[min(24rem,45vh)] overflow-y-auto">
        {edits.map((edit) => (
          <li key={edit.jobId} className="border-b border-line">
            <label className="grid grid-cols-[14px_minmax(0,13rem)_minmax(0,1fr)_auto] items-center gap-x-2.5 py-1.5 text-table phone:grid-cols-[14px_minmax(0,1fr)] phone:py-2.5">
              <Checkbox
                checked={chosen.has(edit.jobId)}
                onCheckedChange={(isChosen) => toggle(edit.jobId, isChosen)}
              />
              <span className="truncate font-mono" title={edit.key}>
                {edit.key}
              </span>
              <Difference edit={edit} />
              <Shift shiftMs={edit.shiftMs} />
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function Difference({ edit: { before, after } }: { edit: ProposedEdit }) {
  const t = useTranslations('forecast.spread');
  return (
    <span className="min-w-0 text-meta phone:col-start-2">
      <span className="sr-only">{t('was')} </span>
      <del className="font-mono text-ink-3 decoration-ink-3">
        <Text text={before} />
      </del>
      <span aria-hidden className="text-ink-3">
        {' → '}
      </span>
      <span className="sr-only">{t('is')} </span>
      <ins className="font-mono text-ink no-underline">
        <Text text={after} />
      </ins>
    </span>
  );
}

function Text({ text: { line, anchor, jitterMs } }: { text: ScheduleText }) {
  const t = useTranslations('forecast.spread');
  const words = useTimeWords();
  const clock = useClock();
  if (anchor !== null) {
    return t('anchor', { at: words.absolute(Date.parse(anchor), clock.atFirst, 'time') });
  }
  return jitterMs > 0 ? t('jitter', { line: line ?? '', window: words.duration(jitterMs) }) : line;
}

function Shift({ shiftMs }: { shiftMs: number }) {
  const t = useTranslations('forecast.spread');
  const words = useTimeWords();
  const distance = words.duration(Math.abs(shiftMs));
  return (
    <span className={cn('text-meta whitespace-nowrap text-ink-3 phone:col-start-2')}>
      {t(shiftMs < 0 ? 'earlier' : 'later', { distance })}
    </span>
  );
}
