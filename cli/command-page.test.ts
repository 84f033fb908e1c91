import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { EXIT } from './installation.ts';
import { runView } from './run-view.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../docs/command.md'), 'utf8');
const [run, piece, audit] = [...page.matchAll(/```json\n([^]*?)```/g)].map(
  ([, block]) => JSON.parse(block!) as Record<string, unknown>,
);

test('docs/command.md names every command, and no other', async () => {
  const { stdout } = await execa('node', [path.join(import.meta.dirname, 'punctual.ts'), '--help']);
  const listed = [...stdout.split('Commands:')[1]!.matchAll(/^ {2}([a-z-]+) /gm)].map(
    ([, name]) => name!,
  );
  const documented = [...page.split('\n## ')[0]!.matchAll(/^\| `([a-z-]+)/gm)].map(
    ([, name]) => name!,
  );
  expect(documented.toSorted()).toEqual(listed.filter((name) => name !== 'help').toSorted());
});

test('docs/command.md shows the exit codes and the fields that are printed', () => {
  const codes = [...page.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.values(EXIT));
  expect(Object.keys(run!)).toEqual(Object.keys(runView({} as Parameters<typeof runView>[0])));
  expect(Object.keys(piece!)).toEqual('run attempt line continues stream at text'.split(' '));
  expect(Object.keys(audit!)).toEqual(['from', 'to', 'jobs', 'sum', 'isEven']);
});
