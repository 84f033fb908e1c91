import { describe, expect, it } from 'vitest';
import { JobDefinition, type JobDefinitionInput } from '#core/jobs/definition.ts';
import type { Definition } from './definitions.ts';
import type { ParameterChange } from './kinds/kind.ts';
import { ToldParameters } from './told-parameters.ts';

type Given = NonNullable<JobDefinitionInput['parameters']>;

const definitionWith = (parameters: Given, more: Partial<JobDefinitionInput> = {}): JobDefinition =>
  JobDefinition.parse({
    key: 'copy',
    work: { kind: 'script', text: 'true' },
    schedule: { type: 'manual' },
    mayRunTwice: false,
    tellParameters: true,
    parameters,
    ...more,
  });
const rate = (value: number): Given => [{ name: 'rate', type: 'number', default: value }];
const saved = (parameters: Given, more: Partial<JobDefinitionInput> = {}): Definition => ({
  ok: true,
  value: definitionWith(parameters, more),
});

function told(values: Record<string, number> = { rate: 1 }) {
  const notes: string[] = [];
  const changes: ParameterChange[] = [];
  const first = definitionWith(rate(1)).parameters;
  const run = { jobId: 7, revision: 3 };
  const one = new ToldParameters(run, first, values, { note: (line) => notes.push(line) });
  return { one, notes, changes, listen: () => one.listen((change) => changes.push(change)) };
}

describe('what a running attempt is told of its job’s parameters', () => {
  it('is each revision that changes them for it, once', () => {
    const { one, changes, listen } = told();
    listen();
    one.hold(4, saved(rate(2)));
    one.hold(4, saved(rate(2)));
    one.hold(5, saved(rate(2), { notes: 'something else' }));
    one.hold(6, saved(rate(3)));
    expect(changes).toEqual([
      { revision: 4, parameters: { rate: 2 } },
      { revision: 6, parameters: { rate: 3 } },
    ]);
    expect(one.revision).toBe(6);
  });

  it('waits for the process to listen', () => {
    const { one, changes, listen } = told();
    one.hold(4, saved(rate(2)));
    one.hold(5, saved(rate(5)));
    listen();
    expect(changes).toEqual([{ revision: 5, parameters: { rate: 5 } }]);
  });

  it('is nothing where this run was given a value of its own', () => {
    const { one, changes, listen } = told({ rate: 9 });
    listen();
    one.hold(4, saved(rate(2)));
    expect(changes).toEqual([]);
  });

  it('is nothing of a revision that asks for no telling, or that can’t be read', () => {
    const { one, changes, listen, notes } = told();
    listen();
    one.hold(4, saved(rate(2), { tellParameters: false }));
    one.hold(5, { ok: false, problem: 'unknown' });
    expect([changes, notes]).toEqual([[], []]);
    // The way back to what it goes by already is no change either.
    one.hold(6, saved(rate(1)));
    expect(changes).toEqual([]);
  });

  it('is a line of its log where they don’t fit', () => {
    const { one, changes, listen, notes } = told();
    listen();
    one.hold(4, saved([...rate(2), { name: 'day', type: 'text' }]));
    expect(changes).toEqual([]);
    expect(notes).toEqual([
      'The parameters of revision 4 don’t fit this run: day has no default: give a value.',
    ]);
  });
});
