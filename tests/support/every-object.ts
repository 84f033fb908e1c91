import { IN, OUT } from './every-caller.ts';

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

/** What was tried, for whoever reads the test's output. */
export function count() {
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
