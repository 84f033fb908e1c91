import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readMachine } from '../faults/report.ts';
import type { Figures, Half } from './flood.ts';

const DOCS = path.resolve(import.meta.dirname, '../../docs/reliability.md');

/** One flood, for whoever looks for what is slow. */
export function printed({ idle, flooded, outcome }: Figures): string {
  const lines = [
    ['', 'at rest p50/p95/max', 'flooded p50/p95/max', 'ratio of p95'],
    ['lag of the steady job', spread(idle.lag), spread(flooded.lag), ratio(idle.lag, flooded.lag)],
    ['  without a start', String(idle.ticksWithout), String(flooded.ticksWithout), ''],
    ['all pages', spread(idle.page), spread(flooded.page), ratio(idle.page, flooded.page)],
    ['all reads', spread(idle.read), spread(flooded.read), ratio(idle.read, flooded.read)],
    ...flooded.pages.map(({ page, pages, reads }) => {
      const before = idle.pages.find((one) => one.page === page);
      const rest = before ? `${spread(before.pages)} · ${spread(before.reads)}` : '';
      return [
        `  ${page}: page · reads`,
        rest,
        `${spread(pages)} · ${spread(reads)}`,
        before ? ratio(before.pages, pages) : '',
      ];
    }),
    ['answers, failed', answers(idle), answers(flooded), ''],
    ['console: memory, CPU', use(idle.console), use(flooded.console), ''],
    ...flooded.workers.map((worker, n) => [
      `worker ${n + 1}: memory, CPU`,
      use(idle.workers[n]!),
      use(worker),
      '',
    ]),
  ];
  const widths = [0, 1, 2, 3].map((n) => Math.max(...lines.map((line) => line[n]!.length)));
  return [
    ...lines.map((line) =>
      line
        .map((cell, n) => cell.padEnd(widths[n]!))
        .join('  ')
        .trimEnd(),
    ),
    ...flooded.addresses
      .slice(0, 12)
      .map(({ address, took }) => `  ${spread(took).padEnd(24)} ${took.count} × ${address}`),
    ...flooded.failures,
    outcome,
  ].join('\n');
}

/** The table of docs/reliability.md, between its markers. */
export async function writeDocs(
  all: readonly Figures[],
  { readers, seconds }: { readers: number; seconds: number },
): Promise<void> {
  const page = readFileSync(DOCS, 'utf8');
  const table = [
    '<!-- overload -->',
    '',
    row([
      'flood',
      'pages p95',
      'ratio',
      'reads p95',
      'ratio',
      'errors',
      'lag p50 / p99 of a quiet queue',
      'console',
      'workers',
      'what became of it',
    ]),
    row(['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '---']),
    ...all.map(({ title, idle, flooded, outcome }) =>
      row([
        title,
        `${ms(idle.page.p95Ms)} → ${ms(flooded.page.p95Ms)}`,
        ratio(idle.page, flooded.page),
        `${ms(idle.read.p95Ms)} → ${ms(flooded.read.p95Ms)}`,
        ratio(idle.read, flooded.read),
        `${flooded.failed} of ${flooded.answers}`,
        `${lag(idle)} → ${lag(flooded)}`,
        megabytes(flooded.console.mostBytes),
        flooded.workers.map(({ mostBytes }) => megabytes(mostBytes)).join(', '),
        outcome,
      ]),
    ),
    '',
    `${readers} readers, ${seconds} s at rest and ${seconds} s flooded, readers, console, workers and PostgreSQL on one machine. ${readMachine()}`,
    '',
    '<!-- end of overload -->',
  ].join('\n');
  const written = page.replace(/<!-- overload -->[^]*<!-- end of overload -->/, table);
  const style = { ...(await resolveConfig(DOCS)), filepath: DOCS };
  writeFileSync(DOCS, await format(written, style));
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const ms = (value: number) => `${value.toLocaleString('en')} ms`;
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
const lag = ({ lag: { p50Ms, p99Ms } }: Half) => `${p50Ms} / ${p99Ms} ms`;
const spread = ({ p50Ms, p95Ms, mostMs }: Half['page']) => `${p50Ms}/${p95Ms}/${mostMs}`;
const answers = ({ answers: all, failed }: Half) => `${all}, ${failed}`;
const use = ({ firstBytes, mostBytes, cpuMs }: Half['console']) =>
  `${megabytes(firstBytes)} → ${megabytes(mostBytes)}, ${(cpuMs / 1000).toFixed(1)} s`;

function ratio(before: Half['page'], after: Half['page']): string {
  return before.p95Ms === 0 ? '' : `${(after.p95Ms / before.p95Ms).toFixed(1)}×`;
}
