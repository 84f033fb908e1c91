import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { LogLine } from '#core/logs/lines.ts';
import { LogPrinter } from './log-printer.ts';

const piece = (line: number, text: string, more: Partial<LogLine> = {}): LogLine => ({
  attempt: 1,
  line,
  continues: false,
  stream: 'stdout',
  atMs: Date.UTC(2026, 2, 9, 8),
  text,
  ...more,
});

/** A printer onto two streams whose writes are kept together in their order. */
function printer(options: { isTTY?: boolean; json?: boolean; times?: boolean } = {}) {
  const written: { to: 'out' | 'err'; text: string }[] = [];
  const stream = (to: 'out' | 'err') =>
    Object.assign(new EventEmitter(), {
      isTTY: options.isTTY ?? false,
      write: (text: string) => written.push({ to, text }) > 0,
    }) as unknown as NodeJS.WriteStream;
  const log = new LogPrinter({
    runId: 7,
    ...options,
    stdout: stream('out'),
    stderr: stream('err'),
  });
  return {
    log,
    all: () => written.map(({ text }) => text).join(''),
    of: (to: 'out' | 'err') => written.flatMap((one) => (one.to === to ? [one.text] : [])).join(''),
  };
}

test('each stream goes to its own, without colours, and pieces of a line are joined', async () => {
  const { log, of } = printer();
  await log.print([piece(1, '\u001b[32mgo'), piece(2, 'oh no', { stream: 'stderr' })]);
  await log.print([piece(3, 'half a '), piece(3, 'line', { continues: true })]);
  await log.print([piece(4, 'attempt 2 follows', { stream: 'note' })]);
  await log.end();
  expect(of('out')).toBe('go\nhalf a line\n');
  expect(of('err')).toBe('oh no\nattempt 2 follows\n');
});

test('a line that goes on behind another one goes on in a line of its own', async () => {
  const { log, all } = printer();
  await log.print([piece(1, 'one '), piece(2, 'two', { stream: 'stderr' })]);
  await log.print([piece(1, 'more of one', { continues: true })]);
  await log.end();
  expect(all()).toBe('one \ntwo\nmore of one\n');
});

test('a terminal gets colours, ended with their line, and marks what isn’t standard output', async () => {
  const { log, all } = printer({ isTTY: true });
  await log.print([piece(1, '\u001b[32mgo'), piece(2, 'oh no', { stream: 'stderr' })]);
  await log.end();
  expect(all()).toBe('\u001b[32mgo\u001b[0m\n\u001b[31merr\u001b[0m oh no\n');
});

test('times stand before each line once', async () => {
  const { log, of } = printer({ times: true });
  await log.print([piece(1, 'a '), piece(1, 'b', { continues: true }), piece(2, 'c')]);
  await log.end();
  expect(of('out')).toBe('2026-03-09T08:00:00.000Z a b\n2026-03-09T08:00:00.000Z c\n');
});

test('as JSON every piece is an object on standard output', async () => {
  const { log, of } = printer({ json: true });
  await log.print([piece(1, 'a'), piece(1, '\u001b[1mb', { continues: true, stream: 'stderr' })]);
  await log.end();
  const common = { run: 7, attempt: 1, line: 1, at: '2026-03-09T08:00:00.000Z' };
  expect(
    of('out')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { ...common, continues: false, stream: 'stdout', text: 'a' },
    { ...common, continues: true, stream: 'stderr', text: 'b' },
  ]);
  expect(of('err')).toBe('');
});
