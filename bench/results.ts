import type { Entrant, Measure } from './measure.ts';
import { median } from './percentile.ts';
import { punctual } from './punctual/punctual.ts';

/** One figure of one entrant: `p99` of graphile-worker in `start`, a value a round. */
export type Result = {
  measure: string;
  figure: string;
  unit: string;
  entrant: string;
  values: number[];
  /** Where, with what and when it was measured: the machine and versions as a sentence. */
  machine: string;
};

export class Results {
  readonly all: Result[] = [];
  readonly #machine: string;

  constructor(machine: string) {
    this.#machine = machine;
  }

  add(measure: Measure, entrant: Entrant, figures: Readonly<Record<string, number>>): void {
    for (const [figure, value] of Object.entries(figures)) {
      const known = this.all.find(
        (one) =>
          one.measure === measure.name && one.figure === figure && one.entrant === entrant.name,
      );
      if (known) known.values.push(value);
      else {
        const unit = typeof measure.unit === 'string' ? measure.unit : measure.unit(figure);
        const of = { measure: measure.name, figure, unit, entrant: entrant.name };
        this.all.push({ ...of, values: [value], machine: this.#machine });
      }
    }
  }

  /** The rows of one measure, as the table has them. */
  printed(measure: Measure): string {
    const rows = rowsOf(this.all.filter((one) => one.measure === measure.name));
    const widths = rows[0]!.map((_, n) => Math.max(...rows.map((row) => row[n]!.length)));
    return rows
      .map((row) =>
        row
          .map((cell, n) => cell.padEnd(widths[n]!))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }
}

/**
 * The table of a page: a line for each figure of each who took part, the median, the spread, and how many times it Punctual's
 * is; below it what it was measured with.
 */
export function markdownTable(results: readonly Result[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head, ...rows] = rowsOf(results).map(line);
  return [
    head,
    line(['---', '---', '---', '--:', '--:', '--:', '--:']),
    ...rows,
    '',
    machinesOf(results),
  ].join('\n');
}

const HEAD = ['measure', 'figure', 'who', 'median', 'spread', 'rounds', 'Punctual is'];

const rowsOf = (results: readonly Result[]): string[][] => [
  HEAD,
  ...results.map(({ measure, figure, unit, entrant, values }) => {
    const own = results.find(
      (one) => one.measure === measure && one.figure === figure && one.entrant === punctual.name,
    );
    const ratio =
      own === undefined || own.entrant === entrant
        ? ''
        : `${times(median(own.values) / median(values))} ×`;
    const spread = `${shown(Math.min(...values))} – ${shown(Math.max(...values))}`;
    const rounds = String(values.length);
    return [
      measure,
      figure,
      entrant,
      `${shown(median(values))} ${unit}`,
      values.length > 1 ? spread : '',
      rounds,
      ratio,
    ];
  }),
];

/** One line where all were measured on one day with the same; else which measures were when. */
function machinesOf(results: readonly Result[]): string {
  const machines = Map.groupBy(results, ({ machine }) => machine);
  if (machines.size === 1) return results[0]!.machine;
  return [...machines]
    .map(([machine, own]) => {
      const names = [...new Set(own.map(({ measure }) => `\`${measure}\``))];
      return `- ${names.join(', ')}: ${machine}`;
    })
    .join('\n');
}

const shown = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 4 });

const times = (ratio: number) =>
  ratio < 0.1
    ? ratio.toLocaleString('en', { maximumSignificantDigits: 1, maximumFractionDigits: 10 })
    : ratio.toLocaleString('en', { maximumSignificantDigits: ratio < 1 ? 2 : 3 });
