import { expect, test } from 'vitest';
import { refuseUnstorable } from './storable.ts';

test('a text that Postgres can’t store is refused at its field, however deep', () => {
  for (const bad of ['a\0b', '\ud800', 'x\udc00y']) {
    const refused = refuseUnstorable({ definition: { fields: [{ name: bad }] } });
    expect(refused?.refusal.code).toBe('invalid');
    expect(refused?.refusal.fields?.[0]?.path).toEqual(['fields', 0, 'name']);
  }
  // As the definition's own schema has it, so that the editor finds the field and doesn't name its request.
  const notes = refuseUnstorable({ jobId: 1, definition: { notes: 'a\0b' } })?.refusal;
  expect(notes?.fields?.[0]?.path).toEqual(['notes']);
  expect(notes?.message).toMatch(/^notes holds a character/);
  expect(refuseUnstorable({ labels: { 'a\0': 'x' } })?.refusal.fields?.[0]?.path).toEqual([
    'labels',
  ]);
});

test('other input goes through, also one that refers to itself', () => {
  const round: Record<string, unknown> = {
    text: 'tab\t, 漢字, 😀',
    n: 1,
    at: new Date(),
    no: null,
  };
  round['self'] = [round];
  expect(refuseUnstorable(round)).toBeNull();
  expect(refuseUnstorable(undefined)).toBeNull();
});
