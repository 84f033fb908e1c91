import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { FireAt } from '#core/schedules/cron-fires.ts';
import { DIALECTS, DST_OF_DIALECT, type Dialect } from '#core/schedules/dialects/dialect.ts';
import { MISSING_TIME_RULES, REPEATED_TIME_RULES } from '#core/schedules/dst-rule.ts';
import { nextFiresOfLine } from '#core/schedules/line-preview.ts';

const MOST_FIRES = 10_000;

const Question = z.object({
  id: z.unknown().optional(),
  expression: z.string('"expression" is the line, as text.'),
  dialect: z.enum(DIALECTS, `"dialect" is one of ${DIALECTS.join(', ')}.`).default('unix'),
  tz: z.string('"tz" is the name of a time zone, such as Europe/Berlin.').nullish(),
  from: z.iso.datetime({
    offset: true,
    error: '"from" is an instant, such as 2026-01-01T00:00:00Z.',
  }),
  count: z
    .int(`"count" is a whole number from 1 to ${MOST_FIRES}.`)
    .min(1, `"count" is at least 1.`)
    .max(MOST_FIRES, `"count" is at most ${MOST_FIRES}.`),
  dst: z
    .object({
      missing: z
        .enum(MISSING_TIME_RULES, `"dst.missing" is one of ${MISSING_TIME_RULES.join(', ')}.`)
        .optional(),
      repeated: z
        .enum(REPEATED_TIME_RULES, `"dst.repeated" is one of ${REPEATED_TIME_RULES.join(', ')}.`)
        .optional(),
    })
    .nullish(),
});

type Answer = { id: unknown; next: string[] } | { id: unknown; error: string };

/** Answers each line of JSON with a line of JSON, in order; a bad one is answered too, and ends nothing. */
export async function answerLines(
  questions: NodeJS.ReadableStream,
  answers: NodeJS.WritableStream,
): Promise<void> {
  let pending = '';
  for await (const line of createInterface({ input: questions, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    pending += `${JSON.stringify(answer(line))}\n`;
    if (pending.length < 16_384) continue;
    await write(answers, pending);
    pending = '';
  }
  if (pending !== '') await write(answers, pending);
}

/** Tells one line's fires to a person, or to a program. */
export function answerOnce(
  expression: string,
  options: {
    json?: boolean;
    tz: string;
    dialect: string;
    from?: string;
    count: string;
    missing?: string;
    repeated?: string;
  },
): void {
  const asked = Question.safeParse({
    expression,
    dialect: options.dialect,
    tz: options.tz,
    from: options.from ?? new Date().toISOString(),
    count: Number(options.count),
    dst: { missing: options.missing, repeated: options.repeated },
  });
  const said = asked.success ? ask(asked.data) : { ok: false as const, problem: problemOf(asked) };
  if (!said.ok) {
    if (options.json === true) console.error(JSON.stringify({ error: said.problem }));
    else console.error(said.problem);
    process.exitCode = 1;
    return;
  }
  const lines =
    options.json === true
      ? [JSON.stringify({ next: said.fires.map(({ ms }) => iso(ms)) })]
      : inColumns(said.fires, said.timeZone);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function answer(line: string): Answer {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return { id: null, error: 'The line is not JSON. Write one object a line.' };
  }
  const id = (read as { id?: unknown } | null)?.id ?? null;
  const asked = Question.safeParse(read);
  if (!asked.success) return { id, error: problemOf(asked) };
  try {
    const said = ask(asked.data);
    return said.ok
      ? { id, next: said.fires.map(({ ms }) => iso(ms)) }
      : { id, error: said.problem };
  } catch (error) {
    // A fault of the reckoning must not take the answers of the other lines along.
    return { id, error: `The line could not be reckoned: ${String(error)}` };
  }
}

function ask({ expression, dialect, tz, from, count, dst }: z.output<typeof Question>) {
  return nextFiresOfLine({
    expression,
    dialect,
    timeZone: tz ?? undefined,
    dst: withDefaults(dialect, dst ?? {}),
    from: new Date(from),
    count,
  });
}

function withDefaults(
  dialect: Dialect,
  dst: NonNullable<z.output<typeof Question>['dst']>,
): (typeof DST_OF_DIALECT)[Dialect] {
  const { missing, repeated } = DST_OF_DIALECT[dialect];
  return { missing: dst.missing ?? missing, repeated: dst.repeated ?? repeated };
}

function problemOf({ error }: { error: z.ZodError }): string {
  return error.issues.map(({ message }) => message).join(' ');
}

function inColumns(fires: readonly FireAt[], timeZone: string): string[] {
  if (fires.length === 0) return ['It never fires again.'];
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  return fires.map(({ ms, marks }) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
    const wall = `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
    const said = marks.map((mark) =>
      mark.kind === 'repeated'
        ? '  second pass of a repeated hour'
        : `  instead of ${mark.wallTime}, which the clock jumps over`,
    );
    return `${part('weekday')} ${wall} ${part('timeZoneName').padEnd(9)}  ${iso(ms)}${said.join('')}`;
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (stream.write(text)) return;
  await new Promise((resolve) => stream.once('drain', resolve));
}
