// `npm run overload`: a console with 10 readers and two workers, at rest and then under each flood, in about ten minutes.
//   -- --only NAME,NAME   some of them
//   -- --readers N        so many readers; default 10
//   -- --seconds N        how long each is measured, at rest and flooded; default 30
//   -- --json FILE        the figures as JSON
//   -- --docs             writes the tables into docs/reliability.md
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildConsole, generateClient } from '../../cli/start/build-console.ts';
import { makeTemplate } from '../support/clone-database.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { readMachine } from '../faults/report.ts';
import { flood, type Figures } from './flood.ts';
import { printed, writeDocs } from './report.ts';
import { type ScenarioName, SCENARIOS } from './scenarios.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    readers: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '30' },
    json: { type: 'string' },
    docs: { type: 'boolean', default: false },
  },
});
const names = Object.keys(SCENARIOS) as ScenarioName[];
const asked = (options.only?.split(',') ?? names) as ScenarioName[];
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`--only: there is no flood ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  process.exit(2);
}
const readers = within('readers', 1, 500);
const seconds = within('seconds', 5, 600);

const never = new AbortController().signal;
await generateClient(never);
await buildConsole(never);
const server = await startTestPostgres({ fsync: 'on', full_page_writes: 'on' });
const all: Figures[] = [];
try {
  await makeTemplate(server.url);
  for (const name of asked) {
    console.log(`── ${SCENARIOS[name].title}`);
    const figures = await flood(name, { server: server.url, readers, seconds });
    all.push(figures);
    console.log(printed(figures));
    if (options.json) {
      writeFileSync(
        options.json,
        `${JSON.stringify({ machine: readMachine(), readers, seconds, all }, null, 2)}\n`,
      );
    }
  }
} finally {
  await server.stop();
}
if (options.docs) await writeDocs(all, { readers, seconds });
process.exitCode = all.some(({ flooded }) => flooded.failed > 0) ? 1 : 0;

function within(name: 'readers' | 'seconds', least: number, most: number): number {
  const number = Number(options[name]);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  console.error(`--${name}: give a whole number from ${least} to ${most}.`);
  process.exit(2);
}
