// `npm run bench`: Punctual and its peers, each on a database of its own on one embedded PostgreSQL, in turns.
//   -- --only NAME,NAME    some of the measures, by their names or how these begin: "drain" or "drain by 1"
//   -- --among NAME,NAME   some of those who take part
//   -- --rounds N          how often each is measured; default 4, where a measure doesn't say less
//   -- --quick             once, and the long ones shorter
//   -- --json FILE         every figure of every round, written after each measure
//   -- --again FILE        takes the measures that stand in it as they are, and makes the others
//   -- --docs              writes docs/performance.json, the tables of docs/performance.md and docs/scale.md, and the chart: for all
//                          measures; some are measured anew with --again docs/performance.json, after taking them out of it
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { format, resolveConfig } from 'prettier';
import { startTestPostgres } from '#tests/support/postgres.ts';
import { readMachine } from '#tests/faults/report.ts';
import { chart } from './chart.ts';
import { measures } from './measures.ts';
import { onStage } from './on-stage.ts';
import { punctual } from './punctual/punctual.ts';
import { markdownTable, type Result, Results } from './results.ts';

const DOCS = path.resolve(import.meta.dirname, '../docs');
/** What docs/scale.md has of them. */
const OF_SCALE = ['drain by 1', 'drain by 2', 'limits by 8', 'growth', 'space'];

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    among: { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
    again: { type: 'string' },
    docs: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 1 : 4));
if (!Number.isInteger(rounds) || rounds < 1) refuse('--rounds: give a whole number from 1.');

const all = measures({ isQuick: options.quick });
const entrants = new Set(all.flatMap((measure) => measure.entrants.map(({ name }) => name)));
const isMeasured = chosen('--only', options.only, new Set(all.map(({ name }) => name)));
const takesPart = chosen('--among', options.among, entrants);

type Kept = { results: Result[] };
const earlier = options.again
  ? (JSON.parse(readFileSync(options.again, 'utf8')) as Kept).results
  : [];
const isKnown = (name: string) => earlier.some((result) => result.measure === name);
const missing = all.filter(({ name }) => !isKnown(name) && !isMeasured(name));
if (options.docs && (missing.length > 0 || options.among)) {
  const names = missing.map(({ name }) => name).join(', ');
  refuse(
    names
      ? `--docs: the pages have all measures, and without these: ${names}`
      : '--docs: the pages have all who take part.',
  );
}

// The same for all, and durable, as an installation has it.
const server = await startTestPostgres({
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
});
const results = new Results(await machine(server.url));
results.all.push(...earlier);
/** As the table has them, however they came. */
const inOrder = () =>
  all.flatMap(({ name }) => results.all.filter(({ measure }) => measure === name));
try {
  for (const measure of all) {
    if (isKnown(measure.name) || !isMeasured(measure.name)) continue;
    for (let round = 0; round < Math.min(rounds, measure.rounds ?? rounds); round++) {
      for (const entrant of measure.entrants.filter(({ name }) => takesPart(name))) {
        results.add(measure, entrant, await onStage(server.url, entrant));
      }
    }
    console.log(`${results.printed(measure)}\n`);
    if (options.json) writeFileSync(options.json, figures());
  }
} finally {
  await server.stop();
}
if (options.docs) {
  await writeFormatted(path.join(DOCS, 'performance.json'), figures());
  await writeTable('performance.md', 'bench', inOrder());
  writeFileSync(path.join(DOCS, 'performance.svg'), chart(inOrder()));
  const own = inOrder().filter(
    ({ measure, entrant }) => OF_SCALE.includes(measure) && entrant === punctual.name,
  );
  await writeTable('scale.md', 'scale', own);
}

function figures(): string {
  const content: Kept = { results: inOrder() };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Between `<!-- marker -->` and the next `<!-- end -->`. */
async function writeTable(name: string, marker: string, rows: readonly Result[]): Promise<void> {
  const file = path.join(DOCS, name);
  const page = readFileSync(file, 'utf8');
  const table = `$1\n${markdownTable(rows)}\n\n$2`;
  const between = new RegExp(`(<!-- ${marker} -->\n)[^]*?(<!-- end -->)`);
  await writeFormatted(file, page.replace(between, table));
}

async function writeFormatted(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

/** Which names are meant by a list of names and beginnings of them; all without a list. */
function chosen(option: string, list: string | undefined, names: ReadonlySet<string>) {
  if (list === undefined) return () => true;
  const means = (one: string) => (name: string) =>
    name === one || name.startsWith(`${one} `) || name.startsWith(`${one},`);
  const meant = list.split(',').map((one) => one.trim());
  const unknown = meant.filter((one) => ![...names].some(means(one)));
  if (unknown.length > 0) {
    refuse(`${option}: there is no ${unknown.join(', ')}. There are: ${[...names].join(' · ')}`);
  }
  return (name: string) => meant.some((one) => means(one)(name));
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}

/** The machine, with the versions of the server and of the peers. */
async function machine(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>(
    `SELECT split_part(current_setting('server_version'), ' ', 1) AS version`,
  );
  await client.end();
  const peers = ['graphile-worker', 'pg-boss'].map((peer) => {
    const file = path.resolve(import.meta.dirname, '../node_modules', peer, 'package.json');
    return `${peer} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
  });
  return readMachine(rows[0]!.version, peers);
}
