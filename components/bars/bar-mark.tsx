import { fillOf, toneOf } from '#components/state/state.ts';
import { cn } from '#components/ui/cn.ts';
import { stubHeight, type PlacedBar } from './bar-layout.ts';

/** One bar with its stubs, and the link around it. The area to hit is the whole height of the row. */
export function BarMark({
  bar,
  index,
  height,
  href,
  label,
  isTabStop,
}: {
  bar: PlacedBar;
  index: number;
  height: number;
  href: string | undefined;
  label: string;
  isTabStop: boolean;
}) {
  const drawing = (
    <>
      <rect x={bar.x - 1} y={0} width={bar.width + 2} height={height} fill="transparent" />
      <BarShape bar={bar} />
      {bar.stubs.map((y) => (
        <rect
          key={y}
          x={bar.x}
          y={y}
          width={bar.width}
          height={stubHeight}
          className="fill-fail-fill"
        />
      ))}
    </>
  );
  if (href === undefined) {
    return (
      <g data-bar={index} aria-hidden>
        {drawing}
      </g>
    );
  }
  return (
    <a
      href={href}
      data-bar={index}
      aria-label={label}
      tabIndex={isTabStop ? 0 : -1}
      className="hover:opacity-70 focus-visible:outline-offset-0"
    >
      {drawing}
    </a>
  );
}

function BarShape({ bar }: { bar: PlacedBar }) {
  const { x, y, width, height } = bar;
  switch (bar.shape) {
    case 'filled':
      return (
        <rect
          x={x}
          y={y}
          width={width}
          height={height}
          className={cn(fillOf[toneOf[bar.item.state]])}
        />
      );
    case 'hollow':
    case 'outline':
      return (
        <rect
          x={x + 0.5}
          y={y + 0.5}
          width={width - 1}
          height={height - 1}
          fill="none"
          strokeWidth={1}
          className={bar.shape === 'hollow' ? 'stroke-idle-fill' : 'stroke-line-axis'}
        />
      );
    case 'dashes':
      return (
        <path
          d={`M${x} ${y + 1}h${width}`}
          fill="none"
          strokeWidth={2}
          strokeDasharray="4 2"
          className="stroke-idle-fill"
        />
      );
  }
}
