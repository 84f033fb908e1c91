// `npm run bench`: Punctual and its peers, each on a database of its own on one embedded PostgreSQL, in turns.
//   -- --only NAME,NAME    some of the measures, by how their names begin
//   -- --among NAME,NAME   some of those who take part
//   -- --rounds N          how often each is measured; default 4, where a measure doesn't say less
//   -- --quick             once
//   -- --json FILE         every figure of every round, written after each measure
//   -- --docs              writes the table into docs/performance.md, and its chart
//   -- --again FILE        takes the measures that stand in it as they are, and makes the others
//   -- --scale             writes the table into docs/scale.md: for --only drain,limits,space
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { startTestPostgres } from '#tests/support/postgres.ts';
import { readMachine } from '#tests/faults/report.ts';
import { chart } from './chart.ts';
import { measures } from './measures.ts';
import { onStage } from './on-stage.ts';
import { markdownTable, type Result, Results } from './results.ts';

const DOCS = path.resolve(import.meta.dirname, '../docs');

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    among: { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
    again: { type: 'string' },
    docs: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 1 : 4));
const chosen = (list: string | undefined) => (one: { name: string }) =>
  list === undefined || list.split(',').some((beginning) => one.name.startsWith(beginning));

type Kept = { machine: string; results: Result[] };
const earlier = options.again
  ? (JSON.parse(readFileSync(options.again, 'utf8')) as Kept).results
  : [];

// The same for all, and durable, as an installation has it.
const server = await startTestPostgres({
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
});
const all = measures({ isQuick: options.quick });
const results = new Results();
results.all.push(...earlier);
/** As the table has them, however they came. */
const inOrder = () =>
  all.flatMap(({ name }) => results.all.filter(({ measure }) => measure === name));
try {
  for (const measure of all) {
    const isKnown = earlier.some((result) => result.measure === measure.name);
    if (isKnown || !chosen(options.only)(measure)) continue;
    for (let round = 0; round < Math.min(rounds, measure.rounds ?? rounds); round++) {
      for (const entrant of measure.entrants.filter(chosen(options.among))) {
        results.add(measure, entrant, await onStage(server.url, entrant));
      }
    }
    console.log(results.printed(measure));
    if (options.json) {
      const content: Kept = { machine: readMachine(), results: inOrder() };
      writeFileSync(options.json, `${JSON.stringify(content, null, 2)}\n`);
    }
  }
} finally {
  await server.stop();
}
if (options.docs) {
  await writeTable('performance.md', 'bench');
  writeFileSync(path.join(DOCS, 'performance.svg'), chart(inOrder()));
}
if (options.scale) await writeTable('scale.md', 'scale');

/** Between `<!-- marker -->` and the next `<!-- end -->`. */
async function writeTable(name: string, marker: string): Promise<void> {
  const file = path.join(DOCS, name);
  const page = readFileSync(file, 'utf8');
  const table = `$1\n${markdownTable(inOrder())}\n\n${readMachine()}\n\n$2`;
  const between = new RegExp(`(<!-- ${marker} -->\n)[^]*?(<!-- end -->)`);
  const written = page.replace(between, table);
  writeFileSync(file, await format(written, { ...(await resolveConfig(file)), filepath: file }));
}
