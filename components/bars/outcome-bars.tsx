'use client';

import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { cn } from '#components/ui/cn.ts';
import { BarGroup } from './bar-group.tsx';
import { fullHeightMs, placeBars, rowMeasures, type OutcomeBar } from './bar-layout.ts';
import { useBarWords } from './use-bar-words.ts';

export type { OutcomeBar } from './bar-layout.ts';

export type OutcomeBarsProps = {
  /** Oldest first. */
  items: readonly OutcomeBar[];
  /** How many bars have room; the newest are shown. */
  slots?: number | undefined;
  /** The duration that takes the whole height; without it the row's own 95th percentile. */
  fullMs?: number | undefined;
  className?: string | undefined;
};

/**
 * The last outcomes of a job in one row: height is duration, red stubs under the line are failed attempts,
 * hollow is skipped, dashed a gap, outlined planned. Each bar leads to its run. One tab stop a row; the
 * arrow keys go from bar to bar.
 */
export const OutcomeBars = memo(function OutcomeBars({
  items,
  slots = 30,
  fullMs,
  className,
}: OutcomeBarsProps) {
  const t = useTranslations('bars');
  const words = useBarWords();
  const bars = placeBars(items, slots, fullMs ?? fullHeightMs(items));
  const { barWidth, space, up, down } = rowMeasures;
  const width = slots * (barWidth + space) - space;
  if (bars.length === 0) {
    return <span className={cn('text-meta text-ink-3', className)}>{t('none')}</span>;
  }
  return (
    <svg
      width={width}
      height={up + down}
      viewBox={`0 0 ${width} ${up + down}`}
      className={cn('inline-block overflow-visible align-middle', className)}
    >
      <BarGroup bars={bars} label={words.summary(items)} height={up + down} />
    </svg>
  );
});
