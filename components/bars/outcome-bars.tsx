'use client';

import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { memo, useRef } from 'react';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { cn } from '#components/ui/cn.ts';
import { tips } from '#components/ui/tip-store.ts';
import { fullHeightMs, placeBars, rowMeasures, type OutcomeBar } from './bar-layout.ts';
import { BarMark } from './bar-mark.tsx';
import { useBarWords } from './use-bar-words.ts';

export type { OutcomeBar } from './bar-layout.ts';

export type OutcomeBarsProps = {
  /** Oldest first. */
  items: readonly OutcomeBar[];
  /** How many bars have room; the newest are shown. */
  slots?: number | undefined;
  /** The duration that takes the whole height; without it the row's own 95th percentile. */
  fullMs?: number | undefined;
  /** Where a bar leads. */
  hrefOf?: ((runId: number) => string) | undefined;
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
  hrefOf = (runId) => `/runs/${runId}`,
  className,
}: OutcomeBarsProps) {
  const t = useTranslations('bars');
  const words = useBarWords();
  const router = useRouter();
  const svg = useRef<SVGSVGElement>(null);

  const bars = placeBars(items, slots, fullMs ?? fullHeightMs(items));
  const { barWidth, space, up, down } = rowMeasures;
  const width = slots * (barWidth + space) - space;
  const tabStop = bars.findLastIndex((bar) => bar.item.runId !== null);

  const open = (event: React.MouseEvent) => {
    const link = (event.target as Element).closest('a');
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!link || !isPlain) return;
    event.preventDefault();
    router.push(link.getAttribute('href') ?? '');
  };
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const links = [...(svg.current?.querySelectorAll<SVGAElement>('a[data-bar]') ?? [])];
    const next = step && links[links.indexOf(event.target as SVGAElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const say = (event: React.SyntheticEvent) => {
    const anchor = (event.target as Element).closest('[data-bar]');
    const item = anchor && bars[Number(anchor.getAttribute('data-bar'))]?.item;
    if (!item) return;
    const content = (
      <span className="flex items-center gap-2">
        <StateGlyph state={item.state} />
        {words.one(item)}
      </span>
    );
    tips.show({ anchor, content, side: 'top' }, true);
  };

  if (bars.length === 0) {
    return <span className={cn('text-meta text-ink-3', className)}>{t('none')}</span>;
  }
  return (
    <svg
      ref={svg}
      width={width}
      height={up + down}
      viewBox={`0 0 ${width} ${up + down}`}
      shapeRendering="crispEdges"
      role="group"
      aria-label={words.summary(items)}
      className={cn('inline-block overflow-visible align-middle', className)}
      onClick={open}
      onKeyDown={move}
      onPointerOver={say}
      onPointerLeave={tips.leave}
      onFocus={say}
      onBlur={tips.leave}
    >
      {bars.map((bar, index) => (
        <BarMark
          key={`${bar.item.at}|${bar.item.runId ?? bar.item.state}`}
          bar={bar}
          index={index}
          height={up + down}
          href={bar.item.runId === null ? undefined : hrefOf(bar.item.runId)}
          label={words.one(bar.item)}
          isTabStop={index === tabStop}
        />
      ))}
    </svg>
  );
});
