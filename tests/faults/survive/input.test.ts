import fc from 'fast-check';
import { beforeAll } from 'vitest';
import { closeConnections } from '#core/prisma.ts';
import { startConsole } from '#tests/support/console.ts';
import { insertWorker } from '#tests/support/ledger.ts';
import { nameDatabase } from '#tests/support/web.ts';
import { buildConsole, generateClient } from '../../../cli/start/build-console.ts';
import { fault } from '../fault.ts';
import { spoiling, spoilt, type Spoiling } from '../input/mutations.ts';
import { Caller, everySubject } from '../input/subjects.ts';

const MAIL = {
  PUNCTUAL_SMTP_URL: 'smtp://127.0.0.1:9',
  PUNCTUAL_MAIL_FROM: 'punctual@example.org',
};
/** What they take is given to another process, or comes from one that isn't there. */
const NEEDS_MORE = /#goToProvider$/;

beforeAll(async () => {
  const never = new AbortController().signal;
  await generateClient(never);
  await buildConsole(never);
}, 600_000);

// A server of its own: nobody else writes there, so that most calls are seen at once to have changed nothing.
fault(35, { all: 10_000, minutes: 60, server: {} }, async (world) => {
  // The same calls in every run, unless others are asked for: PROPERTY_SEED=random, or the number of a run before.
  const asked = process.env['PROPERTY_SEED'] ?? '1';
  const seed = asked === 'random' ? Date.now() % 1_000_000 : Number(asked);
  world.notes.push(`PROPERTY_SEED=${seed} makes the same calls again`);
  process.stdout.write(`fault 35: PROPERTY_SEED=${seed}\n`);

  nameDatabase(world.db, MAIL);
  // Somebody works, as far as the console can see: else it would send messages by itself.
  await insertWorker(world.db.sql, { leaseUntil: new Date(Date.now() + 86_400_000) });
  const console_ = await startConsole(world.db, MAIL);
  const subjects = everySubject();
  const caller = new Caller(world.db, console_.url);
  for (const subject of subjects) {
    const { answer, wrong, hasDoneIt } = await caller.asMeant(subject);
    for (const what of wrong) world.finds(`${subject.name}, as it is meant: ${what}`);
    if (
      subject.kind === 'action' &&
      !hasDoneIt &&
      !answer.said?.ok &&
      !NEEDS_MORE.test(subject.name)
    ) {
      world.finds(`${subject.name} doesn't do what it is asked: ${answer.text.slice(0, 300)}`);
    }
  }

  const calls = fc.sample(fc.record({ which: fc.nat(subjects.length - 1), steps: spoiling }), {
    numRuns: world.rounds,
    seed,
  });
  const count = { done: 0, refused: 0 };
  for (const { which, steps } of calls) {
    const subject = subjects[which]!;
    const { wrong, hasDoneIt } = await caller.call(subject, (input) => spoilt(input, steps));
    count[hasDoneIt ? 'done' : 'refused'] += 1;
    for (const what of wrong) world.finds(`${subject.name}, ${inWords(steps)}: ${what}`);
  }
  world.notes.push(
    `${subjects.length} actions and routes; ${count.done} calls changed something, ${count.refused} nothing`,
  );
  for (const line of console_.output().split('\n').filter(isUnexpected)) world.finds(line);
  await closeConnections();

  // After all that the installation does its work: what the calls made is put aside.
  await world.during(async () => {
    await world.db.sql('DELETE FROM worker');
    await world.db.sql('UPDATE job SET deleted_at = clock_timestamp(), next_tick_at = NULL');
    await world.worker();
    await world.steadyJobs();
  });
  await world.live(5_000);
});

/** A line of the console's log that says that something happened which nobody expects; it also says what it watches. */
const isUnexpected = (line: string) =>
  /"level":"?(?:50|60|error|fatal)|Unhandled|⨯/.test(line) && !line.includes('"check":');

const inWords = (steps: Spoiling): string =>
  steps.length === 0
    ? 'as it is meant'
    : steps
        .map(
          ({ at, how, by, name }) =>
            `${how} ${at} ${JSON.stringify(name)} ${JSON.stringify(by)?.slice(0, 60)}`,
        )
        .join(', ');
