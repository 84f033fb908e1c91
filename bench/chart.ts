import { median } from './percentile.ts';
import type { Result } from './results.ts';
import { LONGEST_MS } from './measures/lag.ts';

/** A group of bars: one figure, of everybody who has it. */
type Group = { title: string; measure: string; figure: string; shown: (value: number) => string };

const perSecond = (value: number) =>
  `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} /s`;
const duration = (ms: number) =>
  ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
/** Who hadn't started all by then is as late as this at least. */
const lateness = (ms: number) => (ms >= LONGEST_MS ? `over ${LONGEST_MS / 1_000} s` : duration(ms));

const GROUPS: readonly Group[] = [
  {
    title: 'Runs a second, one worker (more is better)',
    measure: 'drain by 1',
    figure: 'rate',
    shown: perSecond,
  },
  {
    title: 'Runs a second, two workers (more is better)',
    measure: 'drain by 2',
    figure: 'rate',
    shown: perSecond,
  },
  {
    title: 'From request to start, p99 (less is better)',
    measure: 'start',
    figure: 'p99',
    shown: duration,
  },
  {
    title: '100 schedules due at once: lag p99 (less is better)',
    measure: 'lag of 100',
    figure: 'p99',
    shown: lateness,
  },
  {
    title: '10,000 schedules due at once: lag p99 (less is better)',
    measure: 'lag of 10000',
    figure: 'p99',
    shown: lateness,
  },
];

const WIDTH = 760;
const LABELS = 230;
const VALUES = 90;
const BAR = 16;
const STEP = 24;
const HEAD = 30;

// Its own colours on either ground: it is an image on a page that isn't ours.
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #3c4350 }
  .title { font-weight: 600; fill: #14181f }
  .bar { fill: #b3bac5 }
  .ours { fill: #2f6feb }
  @media (prefers-color-scheme: dark) {
    text { fill: #aab2bf }
    .title { fill: #eef1f5 }
    .bar { fill: #4a5261 }
    .ours { fill: #5b8def }
  }`;

/** The chart of the README: medians as bars, each group by its own scale. */
export function chart(results: readonly Result[]): string {
  let y = 0;
  const parts = GROUPS.flatMap((group) => {
    const rows = results
      .filter(({ measure, figure }) => measure === group.measure && figure === group.figure)
      .map(({ entrant, values }) => ({ entrant, value: median(values) }));
    if (rows.length === 0) return [];
    const drawn = [`<text class="title" x="0" y="${y + 18}">${group.title}</text>`];
    y += HEAD;
    const most = Math.max(...rows.map(({ value }) => value));
    for (const [n, { entrant, value }] of rows.entries()) {
      const width = Math.max(2, ((WIDTH - LABELS - VALUES) * value) / most);
      const middle = y + BAR - 4;
      drawn.push(
        `<text x="0" y="${middle}">${entrant}</text>`,
        `<rect class="${n === 0 ? 'bar ours' : 'bar'}" x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3"/>`,
        `<text x="${(LABELS + width + 8).toFixed(1)}" y="${middle}">${group.shown(value)}</text>`,
      );
      y += STEP;
    }
    y += 12;
    return drawn;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="Punctual beside its peers">`,
    `<style>${STYLE}</style>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
