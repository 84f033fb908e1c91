'use client';

import { useRouter } from 'next/navigation';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { tips } from '#components/ui/tip-store.ts';
import type { PlacedBar } from './bar-layout.ts';
import { BarMark } from './bar-mark.tsx';
import { useBarWords } from './use-bar-words.ts';

/**
 * Bars in an SVG, each the link to its run: a click goes there without a load of the page, the arrow keys go from bar to
 * bar, and the one under the pointer or the focus is told. One tab stop for all.
 * @param height of the area to hit, from the top of the SVG, in px
 */
export function BarGroup({
  bars,
  label,
  height,
}: {
  bars: readonly PlacedBar[];
  label: string;
  height: number;
}) {
  const words = useBarWords();
  const router = useRouter();
  const tabStop = bars.findLastIndex((bar) => bar.item.runId !== null);

  const open = (event: React.MouseEvent) => {
    const href = (event.target as Element).closest('a')?.getAttribute('href');
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!href || !isPlain) return;
    event.preventDefault();
    router.push(href);
  };
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const links = [...event.currentTarget.querySelectorAll<SVGAElement>('a[data-bar]')];
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

  return (
    <g
      role="group"
      aria-label={label}
      shapeRendering="crispEdges"
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
          height={height}
          href={bar.item.runId === null ? undefined : `/runs/${bar.item.runId}`}
          label={words.one(bar.item)}
          isTabStop={index === tabStop}
        />
      ))}
    </g>
  );
}
