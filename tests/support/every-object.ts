import { afterAll, beforeAll } from 'vitest';
import { EVERY_CALLER, IN, OUT, type SignedInCaller, signInAll } from './every-caller.ts';
import type { Seed } from './seeds.ts';
import { webDatabase } from './web.ts';

export const isOfJob = ({ object }: { object: string }): boolean =>
  object === 'job' || object === 'run';

/** An object of a job is tried with a label that grants are for, and with another one. */
const objectsOf = (one: { object: string }): { of: string; labels: Record<string, string> }[] =>
  isOfJob(one)
    ? [
        { of: 'of team=billing', labels: IN },
        { of: 'of team=shipping', labels: OUT },
      ]
    : [{ of: 'there is one of', labels: IN }];

/** Each with each object that it is tried on: title, itself, the labels. */
export const onEveryObject = <One extends { name: string; object: string }>(all: readonly One[]) =>
  all.flatMap((one) =>
    objectsOf(one).map(
      ({ of, labels }) => [`${one.name}: ${one.object} ${of}`, one, labels] as const,
    ),
  );

/**
 * For a file that lets every caller try every row of a table: a database of its own, everybody signed in, and a count of what
 * was tried, which is printed at the end.
 * @param of what the table has, in words: "71 actions"
 */
export function everyCallerOn(table: readonly { name: string; object: string }[], of: string) {
  const web = webDatabase();
  const counted = count();
  let callers: SignedInCaller[] = [];
  beforeAll(async () => {
    callers = await signInAll();
  }, 120_000);
  afterAll(() => counted.print(EVERY_CALLER.length, of, onEveryObject(table).length));
  return {
    sql: () => web.db().sql,
    counted,
    callers: () => callers,
    /** The last of the callers is whose a sample is, where nobody else is named. */
    seedFor: (
      labels: Record<string, string>,
      { userId, sessionId }: Seed['caller'] = callers.at(-1)!,
    ): Seed => ({ db: web.db(), labels, caller: { userId, sessionId } }),
  };
}

/** What was tried, for whoever reads the test's output. */
function count() {
  const counted = { allowed: 0, refused: 0 };
  return {
    add: (isAllowed: boolean) => {
      counted[isAllowed ? 'allowed' : 'refused'] += 1;
    },
    print: (callers: number, of: string, objects: number) => {
      const { allowed, refused } = counted;
      process.stdout.write(
        `permissions: ${callers} callers × ${of} × ${objects} objects: ${allowed + refused} tried, ${allowed} allowed, ${refused} refused\n`,
      );
    },
  };
}
