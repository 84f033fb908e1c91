'use client';

import { Check, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Fragment } from 'react';
import type { DayStrip } from '#core/overview/day.ts';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import type { ShownState } from '#components/state/state.ts';
import { TextLink } from '#components/ui/text-link.tsx';

type Part =
  | 'ran'
  | 'skipped'
  | 'cancelled'
  | 'covered'
  | 'paused'
  | 'missed'
  | 'blackout'
  | 'held'
  | 'waiting';

const PARTS: readonly { part: Part; state: ShownState; isAlways: boolean }[] = [
  { part: 'ran', state: 'succeeded', isAlways: true },
  { part: 'skipped', state: 'skipped', isAlways: true },
  { part: 'cancelled', state: 'cancelled', isAlways: false },
  { part: 'covered', state: 'skipped', isAlways: false },
  { part: 'paused', state: 'gap', isAlways: true },
  { part: 'missed', state: 'gap', isAlways: false },
  { part: 'blackout', state: 'gap', isAlways: false },
  { part: 'held', state: 'queued', isAlways: false },
  { part: 'waiting', state: 'queued', isAlways: true },
];

/** Every tick of the last 24 h and what became of it, added up before one's eyes. */
export function DaySum({ sum }: { sum: DayStrip['sum'] }) {
  const t = useTranslations('overview');
  const format = useFormatter();
  const shown = PARTS.filter(({ part, isAlways }) => isAlways || sum[part] > 0);
  const counted = PARTS.reduce((total, { part }) => total + sum[part], 0);
  return (
    <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-table text-ink-2">
      <span>
        {t('expected')} <b className="font-medium text-ink">{format.number(sum.expected)}</b>
      </span>
      {shown.map(({ part, state }, index) => (
        <Fragment key={part}>
          <span className="text-ink-3">{index === 0 ? '=' : '+'}</span>
          <span className="inline-flex items-center gap-2">
            <StateGlyph state={state} />
            {t(`sum.${part}`)} <b className="font-medium text-ink">{format.number(sum[part])}</b>
          </span>
        </Fragment>
      ))}
      {sum.isEven ? (
        <Check role="img" aria-label={t('addsUp')} className="size-4 text-ok-ink" />
      ) : (
        <span className="inline-flex items-center gap-1 font-medium text-fail-ink">
          <X aria-hidden className="size-4" />
          {t('doesNotAddUp', { counted: format.number(counted) })}
        </span>
      )}
      <TextLink href={sum.isEven ? '/ledger' : '/ledger?by=hour'}>{t('ledger')}</TextLink>
    </p>
  );
}
