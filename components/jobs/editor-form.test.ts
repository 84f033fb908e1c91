import { describe, expect, test } from 'vitest';
import { JobDefinition, type JobDefinitionInput } from '#core/jobs/definition.ts';
import { amountOf, msOf } from './amount.ts';
import { checkForm } from './editor-check.ts';
import { definitionOf, scheduleOf } from './definition-of-form.ts';
import { formOf } from './form-of-definition.ts';
import { emptyForm, type EditorForm } from './editor-form.ts';

const now = new Date('2027-03-23T01:40:12Z');
const words = (key: string) => key;

const plain: JobDefinitionInput = {
  key: 'nightly-backup',
  work: { kind: 'script', interpreter: 'bash', text: 'true\n' },
  schedule: { type: 'cron', lines: ['30 2 * * *'], timeZone: 'Europe/Berlin' },
  mayRunTwice: true,
  retry: {},
};

const rich: JobDefinitionInput = {
  ...plain,
  work: {
    kind: 'command',
    program: '/usr/bin/rsync',
    args: ['-a', 'two\nlines', ''],
    cwd: '/srv',
    environment: [{ name: 'A', value: ' spaces ' }],
  },
  schedule: {
    type: 'interval',
    everyMs: 1_500,
    anchor: '2026-11-21T00:00:00.250Z',
    timeZone: 'UTC',
  },
  catchUp: 'none',
  startDeadlineMs: 5_400_000,
  priority: -2,
  timeoutMs: 90_000,
  overlap: 'allow',
  maxParallel: 3,
  mayRunTwice: false,
  retry: {
    backoff: 'exponential',
    maxAttempts: 5,
    delayMs: 0,
    withinMs: 7_200_000,
    byCause: [
      { cause: 'exit_code', codes: '75-78', answer: 'three_at_once' },
      { cause: 'output', word: 'deadlock', answer: 'once' },
      { cause: 'lost', answer: 'never' },
    ],
  },
  parameters: [
    { name: 'day', type: 'text', default: '' },
    { name: 'count', type: 'number', default: 2.5 },
    { name: 'full', type: 'boolean', default: false },
    { name: 'mode', type: 'choice', choices: ['fast', 'careful'] },
  ],
  tellParameters: true,
  runsOn: { disk: 'big' },
  labels: { team: 'ops' },
  owner: 'Storage',
  notes: '# Notes\n',
  runbookUrl: 'https://example.com/runbook',
  fields: { 'Cost centre': '4711' },
  retentionDays: 30,
  keepRuns: 500,
  logLimitBytes: 1_234_567,
};

const timeZone = 'Europe/Berlin';
const limits = {
  startsAt: '2027-01-01T00:00:00.123Z',
  // On the second pass of an hour that comes twice, and spelled shortly.
  endsAt: '2027-10-31T01:30Z',
  maxFires: 1_000,
  jitterMs: 90_000,
  jitterSeed: 'another-key',
};
const schedules: JobDefinitionInput['schedule'][] = [
  { type: 'cron', lines: ['30 2 * * *'], timeZone, dialect: 'unix' },
  { type: 'cron', lines: ['0 9 1 * +MON'], timeZone, dialect: 'croner', ...limits },
  { type: 'cron', lines: ['0 0 9 ? * 6#3'], timeZone, dialect: 'quartz', jitterMs: 0 },
  {
    type: 'cron',
    lines: ['Mon..Fri *-*-* 09:00', 'weekly'],
    timeZone,
    dialect: 'systemd',
    dst: { missing: 'shift', repeated: 'both' },
    calendar: { key: 'de-be', revision: 3, rule: 'nth', nth: [1, -1] },
    ...limits,
  },
  { type: 'cron', lines: ['0 9 * * *'], timeZone, dst: { missing: 'end', repeated: 'first' } },
  { type: 'interval', everyMs: 60_000, anchor: '2026-11-21T00:00:00Z', timeZone, ...limits },
  {
    type: 'interval',
    everyMs: 60_000,
    anchor: '2026-11-21T00:00:00Z',
    timeZone,
    calendar: { key: 'de-be', revision: 1, rule: 'skip', nth: [2] },
  },
  { type: 'interval', from: 'anchor', everyMs: 60_000, anchor: '2026-11-21T00:00:00Z', timeZone },
  { type: 'interval', from: 'end', everyMs: 60_000, timeZone },
  {
    type: 'interval',
    from: 'end',
    everyMs: 60_000,
    timeZone,
    startsAt: limits.startsAt,
    endsAt: limits.endsAt,
  },
  {
    type: 'dates',
    at: ['2027-03-29T07:00:00.000Z'],
    timeZone,
    calendar: { key: 'de-be', rule: 'previous' },
  },
  {
    type: 'dates',
    at: [
      '2027-03-29T07:00Z',
      '2027-10-31T00:30:00Z',
      '2027-10-31T01:30:00.000Z',
      '2027-01-01T00:00:00.5Z',
    ],
    timeZone,
    ...limits,
  },
];

const http: JobDefinitionInput = {
  ...plain,
  work: { kind: 'http', url: 'https://example.com/{{param.day}}', headers: [], body: '{}' },
  schedule: { type: 'manual' },
};

describe('the editor’s form', () => {
  test.each([plain, rich, http])('gives a definition back as it was', (input) => {
    const definition = JobDefinition.parse(input);
    expect(checkForm(formOf(definition, now), words)).toEqual({ ok: true, definition });
  });

  test.each<Partial<JobDefinitionInput>>([
    {
      circuit: {
        per: 'job',
        failures: 3,
        withinMs: 90_000,
        openMs: 5_000,
        longestOpenMs: 86_400_000,
      },
    },
    { circuit: { per: 'host' }, autoPause: { inRow: 5, pauseMs: 7_200_000 } },
    { autoPause: { rate: { percent: 20, withinMs: 600_000, leastRuns: 3 } } },
    { autoPause: { errorLines: { lines: 10, withinMs: 300_000 } } },
    { messages: { use: 'none' } },
    { messages: { use: 'channels', channels: ['ops', 'mail'], on: ['failed'], remindHours: 4 } },
  ])('gives what becomes of failures back as it was: %j', (failing) => {
    const definition = JobDefinition.parse({ ...http, ...failing });
    expect(checkForm(formOf(definition, now), words)).toEqual({ ok: true, definition });
  });

  test('tells what is wrong with failures at their controls', () => {
    const form = formOf(JobDefinition.parse(http), now);
    const problems = (failing: Partial<typeof form.failing>) => {
      const checked = checkForm({ ...form, failing: { ...form.failing, ...failing } }, words);
      return checked.ok ? [] : checked.problems.map(({ path }) => path);
    };
    expect(problems({ circuit: 'job', failures: 'x', within: { amount: '', unit: 's' } })).toEqual([
      'failing.failures',
      'failing.within.amount',
    ]);
    expect(problems({ percent: '200', leastRuns: '' })).toEqual([
      'failing.percent',
      'failing.leastRuns',
    ]);
    expect(problems({ errorLines: '0', linesWithin: { amount: '2', unit: 'd' } })).toEqual([
      'failing.errorLines',
      'failing.linesWithin.amount',
    ]);
    // What the form doesn't show stops nobody.
    expect(problems({ failures: 'x', leastRuns: 'x' })).toEqual([]);
    const ofMessages = (use: 'default' | 'channels') =>
      checkForm({ ...form, messages: { ...form.messages, use, remind: 'x' } }, words);
    expect(ofMessages('channels')).toMatchObject({ problems: [{ path: 'messages.remind' }] });
    expect(ofMessages('default')).toMatchObject({ ok: true });
  });

  test.each(schedules)('gives a schedule back as it was: $type $dialect', (schedule) => {
    const definition = JobDefinition.parse({ ...plain, schedule });
    expect(definitionOf(formOf(definition, now))).toEqual(definition);
    expect(checkForm(formOf(definition, now), words)).toEqual({ ok: true, definition });
  });

  test('reads dates on the clock of the job’s zone, or in UTC', () => {
    const form = formOf(JobDefinition.parse(plain), now);
    const dates = '2027-03-29 09:00\n\n 2027-12-24  18:00:30\n2027-12-31 23:00Z\nsoon\n';
    const { schedule } = definitionOf({
      ...form,
      schedule: { ...form.schedule, type: 'dates', dates },
    });
    expect(schedule).toMatchObject({
      at: [
        '2027-03-29T07:00:00.000Z',
        '2027-12-24T17:00:30.000Z',
        '2027-12-31T23:00:00.000Z',
        'soon',
      ],
    });
  });

  test('means the same time of the clock in another zone', () => {
    const definition = JobDefinition.parse({ ...plain, schedule: schedules[1] });
    const { schedule } = formOf(definition, now);
    expect(scheduleOf({ ...schedule, timeZone: 'UTC' })).toMatchObject({
      startsAt: '2027-01-01T01:00:00.123Z',
      endsAt: '2027-10-31T02:30:00.000Z',
    });
  });

  test('doesn’t answer for the person whether a job may run twice', () => {
    const checked = check({ ...formOf(JobDefinition.parse(plain), now), mayRunTwice: '' });
    expect(checked).toEqual([{ path: 'mayRunTwice', message: 'unanswered' }]);
  });

  test('of a new job names what is still to be filled in, each at its control', () => {
    const paths = check(emptyForm(now)).map(({ path }) => path);
    expect(paths).toEqual(['key', 'http.url', 'schedule.lines.0.text', 'mayRunTwice']);
  });

  test('takes seconds that the browser left out of the anchor for zero', () => {
    const form = formOf(JobDefinition.parse(rich), now);
    const { schedule } = definitionOf({
      ...form,
      schedule: { ...form.schedule, anchor: '2026-11-21T08:00' },
    });
    expect(schedule).toMatchObject({ anchor: '2026-11-21T08:00:00Z' });
  });
});

describe('a problem stands at its control', () => {
  const form = formOf(JobDefinition.parse(rich), now);
  test.each<[string, Partial<EditorForm>]>([
    [
      'command.args.1.value',
      { command: { ...form.command, args: [{ value: 'a' }, { value: '\0' }] } },
    ],
    [
      'command.environment.0.name',
      { command: { ...form.command, environment: [{ name: '1', value: '' }] } },
    ],
    ['startDeadline.amount', { startDeadline: { amount: 'soon', unit: 'h' } }],
    ['timeout.amount', { timeout: { amount: '8', unit: 'd' } }],
    [
      'labels.1.name',
      {
        labels: [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
        ],
      },
    ],
    ['labels.0.name', { labels: [{ name: 'no spaces', value: '1' }] }],
    ['labels.0.value', { labels: [{ name: 'a', value: 'x'.repeat(64) }] }],
    ['fields.0.name', { fields: [{ name: '', value: 'x' }] }],
    ['logLimitMb', { logLimitMb: '200' }],
    ['retentionDays', { retentionDays: '1.5' }],
    ['keepRuns', { keepRuns: '0' }],
    [
      'retry.byCause.0.codes',
      {
        retry: {
          ...form.retry,
          byCause: [{ cause: 'exit_code', codes: 'x', word: '', answer: 'never' }],
        },
      },
    ],
    ['retry.delay.amount', { retry: { ...form.retry, delay: { amount: '', unit: 's' } } }],
    [
      'schedule.every.amount',
      { schedule: { ...form.schedule, every: { amount: '0.2', unit: 's' } } },
    ],
    [
      'schedule.dates',
      { schedule: { ...form.schedule, type: 'dates', dates: '2027-02-30 09:00' } },
    ],
    ['schedule.maxFires', { schedule: { ...form.schedule, maxFires: 'many' } }],
    [
      'schedule.jitter.amount',
      { schedule: { ...form.schedule, jitter: { amount: '2', unit: 'd' } } },
    ],
    [
      'schedule.endsAt',
      { schedule: { ...form.schedule, startsAt: '2027-01-02T00:00', endsAt: '2027-01-01T00:00' } },
    ],
    ['schedule.timeZone', { schedule: { ...form.schedule, timeZone: 'Europe/Berln' } }],
    [
      'schedule.lines.1.text',
      {
        schedule: {
          ...form.schedule,
          type: 'cron',
          lines: [{ text: '* * * * *' }, { text: '61 * * * *' }],
        },
      },
    ],
    [
      'parameters.3.choices',
      { parameters: form.parameters.map((one) => ({ ...one, choices: '' })) },
    ],
    [
      'parameters.1.default',
      {
        parameters: form.parameters.map((one) => ({
          ...one,
          default: one.type === 'number' ? 'x' : one.default,
        })),
      },
    ],
    ['runbookUrl', { runbookUrl: 'javascript:alert(1)' }],
  ])('%s', (path, change) => {
    const paths = check({ ...form, ...change }).map((problem) => problem.path);
    expect([...new Set(paths)]).toEqual([path]);
  });

  test('in a sentence, never in the words of the schema library', () => {
    const numbers = check({ ...form, maxParallel: 'many', logLimitMb: '', retentionDays: '0.5' });
    expect(numbers.map(({ message }) => message)).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/Invalid|Too /)]),
    );
  });
});

describe('an amount of time', () => {
  test.each([
    [90_000, { amount: '90', unit: 's' }],
    [120_000, { amount: '2', unit: 'min' }],
    [86_400_000, { amount: '1', unit: 'd' }],
    [1_500, { amount: '1.5', unit: 's' }],
    [0, { amount: '0', unit: 's' }],
  ])('%d ms', (ms, amount) => {
    expect(amountOf(ms)).toEqual(amount);
    expect(msOf(amountOf(ms))).toBe(ms);
  });

  test('is none when nothing is typed and no number when it can’t be read', () => {
    expect(msOf({ amount: ' ', unit: 's' })).toBeNull();
    expect(msOf({ amount: '1,5', unit: 'min' })).toBe(90_000);
    expect(msOf({ amount: '5 min', unit: 's' })).toBeNaN();
  });
});

function check(form: EditorForm) {
  const checked = checkForm(form, words);
  return checked.ok ? [] : checked.problems;
}
