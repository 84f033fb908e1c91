// `npm run soak -- --minutes 30 --seed N`: faults, edits, pauses, backfills, requests, readers and load, mixed by chance for
// so long. The seed says what is done and in which order, and is printed, so that a soak can be done again.
import { parseArgs } from 'node:util';
import type { Reporter } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { printedTable, readMachine } from './report.ts';
import type { Row } from './row.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
const minutes = Number(options.minutes);
if (!(minutes > 0 && minutes <= 1_440)) {
  console.error('--minutes: give a number from 0.1 to 1440.');
  process.exit(2);
}
const seed = Number(options.seed);
if (!Number.isInteger(seed)) {
  console.error('--seed: give a whole number.');
  process.exit(2);
}

process.env['PUNCTUAL_SOAK_MINUTES'] = String(minutes);
process.env['PUNCTUAL_SOAK_SEED'] = String(seed);
let row: Row | undefined;
const collector: Reporter = {
  onTestCaseResult(test) {
    row ??= test.meta().fault;
  },
};
const vitest = await startVitest('test', ['tests/faults/soak.test.ts'], {
  project: ['faults'],
  reporters: ['default', collector],
  watch: false,
});
await vitest.close();
if (row) {
  console.log(printedTable([row]));
  console.log(row.notes.join('\n'));
}
console.log(readMachine());
process.exitCode = row?.result === 'passed' ? 0 : 1;
