import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import type { Row } from './row.ts';

const COLUMNS: { head: string; of: (row: Row) => string }[] = [
  { head: '#', of: ({ number }) => String(number) },
  { head: 'fault', of: ({ name }) => name },
  { head: 'result', of: ({ result, reason }) => (reason ? `${result}: ${reason}` : result) },
  { head: 'rounds', of: ({ rounds }) => String(rounds) },
  { head: 'expected', of: ({ expected }) => expected.toLocaleString('en') },
  { head: 'ran', of: ({ ran }) => ran.toLocaleString('en') },
  { head: 'doubled', of: ({ doubled }) => String(doubled) },
  { head: 'unaccounted', of: ({ unaccounted }) => String(unaccounted) },
  { head: 'lines lost', of: ({ linesLost }) => String(linesLost) },
  { head: 'longest outage', of: ({ longestOutageMs }) => seconds(longestOutageMs) },
  { head: 'time to recover', of: ({ recoverMs }) => seconds(recoverMs) },
];

/** One line a fault, columns side by side, and below it what was found. */
export function printedTable(rows: readonly Row[]): string {
  const cells = [COLUMNS.map(({ head }) => head), ...rows.map(cellsOf)];
  const widths = COLUMNS.map((_, n) => Math.max(...cells.map((row) => row[n]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, n) => cell.padEnd(widths[n]!))
      .join('  ')
      .trimEnd(),
  );
  const findings = rows.flatMap(({ number, findings: found }) =>
    found.map((text) => `fault ${number}: ${text}`),
  );
  return [...lines, ...findings].join('\n');
}

/** The same for a page, without the findings. */
export function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = COLUMNS.map(({ head }) => (head === 'fault' || head === 'result' ? '---' : '---:'));
  return (
    [
      line(COLUMNS.map(({ head }) => head)),
      line(rule),
      ...rows.map((row) => line(cellsOf(row))),
    ].join('\n') + '\n'
  );
}

/**
 * One sentence: where and with what it was measured.
 * @param others with their versions, what took part besides
 */
export function readMachine(postgres = '18', others: readonly string[] = []): string {
  const root = path.resolve(import.meta.dirname, '../..');
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const memory = Math.round(totalmem() / 2 ** 30);
  const [processor] = cpus();
  return (
    `Punctual ${version}, ${others.map((other) => `${other}, `).join('')}Node ${process.versions.node}, PostgreSQL ${postgres} (embedded), Linux ${release().split('-')[0]}, ` +
    `${cpus().length} cores (${processor?.model ?? 'unknown'}), ${memory} GB, ${new Date().toISOString().slice(0, 10)}.`
  );
}

const cellsOf = (row: Row) => COLUMNS.map(({ of }) => of(row));

function seconds(ms: number | null): string {
  return ms === null ? '' : `${(ms / 1000).toFixed(1)} s`;
}
