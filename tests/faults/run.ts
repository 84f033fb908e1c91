// `npm run test:faults`: the faults with a tenth of the real leases and heartbeats, in a few minutes.
//   -- --all          every fault with the real ones, in about an hour; that says most where nothing else is done
//   -- --only 5,9     some of them
//   -- --again FILE   those that have not passed in the rows of FILE; the others are taken from there
//   -- --json FILE    the rows as JSON
//   -- --docs         writes the table into docs/reliability.md
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { Reporter } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { FAULTS, type FaultNumber } from './list.ts';
import { markdownTable, readMachine, printedTable } from './report.ts';
import type { Row } from './row.ts';

const DOCS = path.resolve(import.meta.dirname, '../../docs/reliability.md');
const { values: options } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    again: { type: 'string' },
    'one-by-one': { type: 'boolean', default: false },
    json: { type: 'string' },
    docs: { type: 'boolean', default: false },
  },
});

/** They take the processors with rows, logs or a browser. */
const BUSY: ReadonlySet<FaultNumber> = new Set([26, 30, 36, 38]);

const numbers = Object.keys(FAULTS).map(Number) as FaultNumber[];
const given = options.only?.split(',').map(Number) ?? numbers;
const before = options.again ? passedIn(options.again) : [];
const asked = numbers.filter(
  (number) => given.includes(number) && before.every((row) => row.number !== number),
);
const unknown = given.filter((number) => !(number in FAULTS));
if (unknown.length > 0) {
  console.error(
    `--only: there is no fault ${unknown.join(', ')}. Give numbers from 1 to ${numbers.length}, with commas between.`,
  );
  process.exit(2);
}
if (options.all) process.env['PUNCTUAL_FAULTS'] = 'all';

const rows = [...before, ...(await runFaults())].toSorted((a, b) => a.number - b.number);
const machine = readMachine();
console.log(printedTable(rows));
console.log(machine);
keep(rows);
if (options.docs) await writeDocs();
process.exitCode = rows.some(({ result }) => result === 'failed') ? 1 : 0;

async function runFaults(): Promise<Row[]> {
  // What keeps the machine busy by itself comes last, one after the other: beside it the others would show its load.
  const isBusy = (number: FaultNumber) => options.all && BUSY.has(number) && !options['one-by-one'];
  const rows = await runAtOnce(
    asked.filter((number) => !isBusy(number)),
    options['one-by-one'] ? 1 : 4,
  );
  keep([...before, ...rows]);
  rows.push(...runOneByOne(asked.filter(isBusy)));
  const missing = asked.filter((number) => rows.every((row) => row.number !== number));
  if (options.all && missing.length > 0) {
    throw new Error(`Nothing tried the faults ${missing.join(', ')}.`);
  }
  return rows;
}

/** In a process of their own: what sets a database up can't be loaded twice in one. */
function runOneByOne(numbers: readonly FaultNumber[]): Row[] {
  if (numbers.length === 0) return [];
  const folder = mkdtempSync(path.join(tmpdir(), 'punctual-faults-'));
  const file = path.join(folder, 'rows.json');
  const given = ['--all', '--one-by-one', '--only', numbers.join(','), '--json', file];
  try {
    spawnSync(process.execPath, [import.meta.filename, ...given], { stdio: 'inherit' });
    return rowsIn(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function passedIn(file: string): Row[] {
  return rowsIn(file).filter(({ result }) => result === 'passed');
}

function rowsIn(file: string): Row[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { rows: Row[] }).rows;
}

function keep(all: readonly Row[]): void {
  if (!options.json) return;
  writeFileSync(
    options.json,
    `${JSON.stringify({ machine: readMachine(), rows: all }, null, 2)}\n`,
  );
}

/** So many files of faults beside each other. */
async function runAtOnce(numbers: readonly FaultNumber[], files: number): Promise<Row[]> {
  if (numbers.length === 0) return [];
  process.env['PUNCTUAL_FAULTS_AT_ONCE'] = String(files);
  const found = new Map<number, Row>();
  const collector: Reporter = {
    onTestCaseResult(test) {
      const { fault } = test.meta();
      if (fault) found.set(fault.number, fault);
    },
  };
  // With `--all` also what shows that the checker notices.
  const withControls = options.all && !options.only && !options.again && files > 1;
  const pattern = `^ ?fault (${numbers.join('|')}):${withControls ? '|CONTROL' : ''}`;
  const vitest = await startVitest('test', ['tests/faults/survive/', 'tests/faults/controls'], {
    project: ['faults'],
    testNamePattern: pattern,
    reporters: ['default', collector],
    watch: false,
  });
  await vitest.close();
  return numbers.flatMap((number) => found.get(number) ?? []);
}

async function writeDocs(): Promise<void> {
  const page = readFileSync(DOCS, 'utf8');
  const notes = rows.flatMap(({ number, notes }) =>
    notes.map((note) => `- Fault ${number}: ${note.replaceAll('|', '\\|')}`),
  );
  const table = `$1\n${markdownTable(rows)}\n${machine}\n\n${notes.join('\n')}\n\n$2`;
  const written = page.replace(/(<!-- faults -->\n)[^]*(<!-- end -->)/, table);
  const style = { ...(await resolveConfig(DOCS)), filepath: DOCS };
  writeFileSync(DOCS, await format(written, style));
}
