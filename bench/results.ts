import type { Entrant, Measure } from './measure.ts';
import { median } from './percentile.ts';

/** One figure of one entrant: `p99` of graphile-worker in `start`, a value a round. */
export type Result = {
  measure: string;
  figure: string;
  unit: string;
  entrant: string;
  values: number[];
};

export class Results {
  readonly all: Result[] = [];

  add(measure: Measure, entrant: Entrant, figures: Readonly<Record<string, number>>): void {
    for (const [figure, value] of Object.entries(figures)) {
      const of = { measure: measure.name, figure, unit: measure.unit, entrant: entrant.name };
      const known = this.all.find(
        (one) => one.measure === of.measure && one.figure === figure && one.entrant === of.entrant,
      );
      if (known) known.values.push(value);
      else this.all.push({ ...of, values: [value] });
    }
  }

  /** Median, spread, and how many times the first entrant's each is. */
  printed(measure: Measure): string {
    const own = this.all.filter((one) => one.measure === measure.name);
    const lines = own.map(({ figure, unit, entrant, values }) => {
      const first = own.find((one) => one.figure === figure)!;
      const ratio = median(values) / median(first.values);
      return [
        `${measure.name}, ${figure}`.padEnd(32),
        entrant.padEnd(32),
        `${shown(median(values))} ${unit}`.padEnd(20),
        `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`.padEnd(24),
        `× ${ratio.toFixed(2)}`,
      ].join(' ');
    });
    return lines.join('\n');
  }
}

/** The table of docs/performance.md: a line for each figure of each who took part, the median and the spread. */
export function markdownTable(results: readonly Result[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = results.map(({ measure, figure, unit, entrant, values }) => {
    const first = results.find((one) => one.measure === measure && one.figure === figure)!;
    const ratio =
      first.entrant === entrant ? '' : `${(median(first.values) / median(values)).toFixed(2)} ×`;
    const spread = `${shown(Math.min(...values))} – ${shown(Math.max(...values))}`;
    const rounds = String(values.length);
    return line([
      measure,
      figure,
      entrant,
      `${shown(median(values))} ${unit}`,
      spread,
      rounds,
      ratio,
    ]);
  });
  return [
    line(['measure', 'figure', 'who', 'median', 'spread', 'rounds', 'Punctual is']),
    line(['---', '---', '---', '--:', '--:', '--:', '--:']),
    ...rows,
  ].join('\n');
}

const shown = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 4 });
