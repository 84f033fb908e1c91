import { cn } from '#components/ui/cn.ts';

/**
 * The trend of a number, newest at the right. It starts at zero, so that a steady job is a level line and
 * not a mountain range. `rising` warns: the line takes the colour of what is late.
 */
export function Sparkline({
  values,
  label,
  rising = false,
  width = 52,
  height = 16,
  className,
}: {
  values: readonly number[];
  /** The trend in words: "median 3.1 s, steady". */
  label: string;
  rising?: boolean | undefined;
  width?: number | undefined;
  height?: number | undefined;
  className?: string | undefined;
}) {
  if (values.length < 2) return <span className={className} />;
  // A steady line stands at about half height, so that it can rise as well as fall.
  const median = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const top = Math.max(...values, median * 1.8) || 1;
  const points = values.map((value, index) => ({
    x: round(1 + (index / (values.length - 1)) * (width - 4)),
    y: round(height - 2 - (value / top) * (height - 4)),
  }));
  const last = points.at(-1)!;
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={cn('block shrink-0', className)}
    >
      <path
        d={`M${points.map((point) => `${point.x} ${point.y}`).join('L')}`}
        fill="none"
        strokeWidth={1.25}
        strokeLinejoin="round"
        className={rising ? 'stroke-time-fill' : 'stroke-ink-3'}
      />
      <circle cx={last.x} cy={last.y} r={1.75} className={rising ? 'fill-time-fill' : 'fill-ink'} />
    </svg>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
