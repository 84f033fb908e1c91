import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const COMMAND = path.resolve(import.meta.dirname, 'punctual.ts');

/** Writes the address of every module that is loaded. */
const TELL_MODULES = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from 'node:module';
   registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });`,
)}`;

function next(args: readonly string[], input = '') {
  return execa('node', [COMMAND, 'next', ...args], { input, reject: false });
}

test('2,000 questions are answered within 5 s, each by its id, without a database client', async () => {
  const lines: readonly (readonly [string, string])[] = [
    ['unix', '*/7 8-17 * * 1-5'],
    ['croner', '0 0 9 L * *'],
    ['quartz', '0 0/15 8-17 ? * MON-FRI'],
    ['systemd', 'Mon..Fri *-*~03/1 09:00'],
  ];
  const questions = Array.from({ length: 2_000 }, (_, id) => {
    const [dialect, expression] = lines[id % lines.length]!;
    const tz = ['Europe/Berlin', 'America/New_York', 'UTC'][id % 3];
    return JSON.stringify({ id, expression, dialect, tz, from: '2026-01-01T00:00:00Z', count: 5 });
  });
  const since = performance.now();
  const { stdout, stderr } = await execa(
    'node',
    ['--import', TELL_MODULES, COMMAND, 'next', '--json'],
    { input: questions.join('\n') },
  );
  expect(performance.now() - since).toBeLessThan(5_000);
  const answers = stdout
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number; next: string[] });
  expect(answers.map(({ id }) => id)).toEqual(questions.map((_, id) => id));
  expect(answers.every(({ next: fires }) => fires.length === 5)).toBe(true);
  expect(stderr).toContain('croner');
  expect(stderr).not.toMatch(/prisma|node_modules\/pg\//i);
});

test('a bad question is answered with a sentence, and the next one all the same', async () => {
  const { stdout, exitCode } = await next(
    ['--json'],
    [
      '{"id":"a","expression":"61 * * * *","dialect":"unix","from":"2026-01-01T00:00:00Z","count":1}',
      'not json',
      '{"id":"b","expression":"* * * * *","dialect":"dos","from":"2026-01-01T00:00:00Z","count":1}',
      '{"id":"c","expression":"* * * * *","tz":"Berlin","from":"2026-01-01T00:00:00Z","count":1}',
      '{"id":"d","expression":"0 0 9 1 * 2","dialect":"quartz","from":"2026-01-01T00:00:00Z","count":1}',
      '{"id":"e","expression":"30 2 * * *","tz":"Europe/Berlin","from":"2026-03-28T12:00:00Z","count":1,"dst":{"missing":"shift"}}',
      '{"id":"f","expression":"0 0 0 1 1 ? 2027-2028","dialect":"quartz","from":"2026-01-01T00:00:00Z","count":9}',
    ].join('\n'),
  );
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { id: 'a', error: 'The minute "61" is out of range. Use 0 to 59.' },
    { id: null, error: 'The line is not JSON. Write one object a line.' },
    { id: 'b', error: '"dialect" is one of unix, croner, quartz, systemd.' },
    { id: 'c', error: 'The time zone "Berlin" is not known. Did you mean "Europe/Berlin"?' },
    {
      id: 'd',
      error:
        'The day of month "1" and the day of week "2" are both given, which Quartz refuses. Write ? for the one that doesn’t matter.',
    },
    { id: 'e', next: ['2026-03-29T01:30:00.000Z'] },
    { id: 'f', next: ['2027-01-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z'] },
  ]);
});

test('a person reads the wall time, the instant and what is unusual', async () => {
  const { stdout } = await next([
    '30 2 * * *',
    '--tz',
    'Europe/Berlin',
    '--from',
    '2026-03-28T12:00:00Z',
    '--count',
    '2',
  ]);
  expect(stdout.split('\n')).toEqual([
    'Sun 2026-03-29 03:00:00 GMT+02:00  2026-03-29T01:00:00.000Z  instead of 02:30, which the clock jumps over',
    'Mon 2026-03-30 02:30:00 GMT+02:00  2026-03-30T00:30:00.000Z',
  ]);
  const refused = await next(['0 9 * *']);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('The line "0 9 * *" has 4 fields.');
});
