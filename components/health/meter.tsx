import type { Check } from '#core/health/check.ts';
import type { Judged } from '#core/health/judge.ts';
import { levelLook } from './level-look.ts';

const WIDTH = 88;
const HEIGHT = 12;
// The line at which it is bad stands at four fifths, so that what is beyond it shows.
const LAST_LINE = WIDTH * 0.8;

/**
 * How far a number is from its lines: a bar, and a mark for each line. Only for numbers that get worse upwards; a picture
 * beside words that say the same.
 */
export function Meter({
  check: { worse, warnAt, badAt },
  judged: { level, value },
}: {
  check: Pick<Check, 'worse' | 'warnAt' | 'badAt'>;
  judged: Judged;
}) {
  const last = badAt ?? warnAt ?? 0;
  if (worse === 'below' || last <= 0 || value === null) return null;
  const at = (number: number) => Math.min(WIDTH, (number / last) * LAST_LINE);
  return (
    <svg aria-hidden width={WIDTH} height={HEIGHT} className="block">
      <rect y={3} width={WIDTH} height={6} rx={1.5} className="fill-sunk" />
      <rect
        y={3}
        width={value > 0 ? Math.max(1.5, at(value)) : 0}
        height={6}
        rx={1.5}
        className={levelLook[level].fill}
      />
      {[warnAt, badAt].map(
        (line, index) =>
          line !== null && (
            <rect
              key={index}
              x={at(line) - 0.5}
              width={1}
              height={HEIGHT}
              className="fill-line-axis"
            />
          ),
      )}
    </svg>
  );
}
