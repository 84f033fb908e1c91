import { createTranslator } from 'use-intl/core';
import type { Actor } from '#core/auth/permissions.ts';
import { findJob } from '#core/jobs/find-job.ts';
import { createTimeWords } from '#core/time/words.ts';
import { type AskedWhy, readWhy } from '#core/why/read-why.ts';
import type { Why } from '#core/why/why.ts';
import { createWhyWords, type WhyWords } from '#core/why/words.ts';
import time from '../messages/en/time.json' with { type: 'json' };
import messages from '../messages/en/why.json' with { type: 'json' };
import { CommandProblem, EXIT, inInstallation } from './installation.ts';

export type WhyOptions = { run?: string; as?: string; json?: boolean };

/** Asks, and writes the answer to standard output. */
export async function printWhy(key: string | undefined, options: WhyOptions): Promise<void> {
  await inInstallation(options, async ({ actor }) => {
    const why = await answerTo(askedFor(key, options.run), actor);
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const words = wordsIn(timeZone);
    const lines = options.json
      ? [JSON.stringify(withWords(why, words), null, 2)]
      : linesOf(why, words, timeZone);
    process.stdout.write(`${lines.join('\n')}\n`);
    return EXIT.yes;
  });
}

function askedFor(key: string | undefined, run: string | undefined): AskedWhy {
  if (run !== undefined && /^\d{1,15}$/.test(run)) return { runId: Number(run) };
  if (run !== undefined) throw new CommandProblem(`${run} is no number of a run.`);
  if (key !== undefined) return { key };
  throw new CommandProblem(
    'Name a job: punctual why nightly-backup. Or a run: punctual why --run 12.',
  );
}

async function answerTo(asked: AskedWhy, actor: Actor): Promise<Why> {
  const answer = await readWhy(actor, asked);
  if (answer.ok) return answer.value;
  // A mistyped key gets a word about those that may have been meant.
  const near = 'key' in asked ? await findJob(actor, asked.key) : answer;
  throw new CommandProblem((near.ok ? answer : near).refusal.message);
}

function wordsIn(timeZone: string): WhyWords {
  const locale = 'en';
  const intl = { locale, timeZone } as const;
  const timeWords = createTimeWords(
    createTranslator({ ...intl, messages: { time }, namespace: 'time' }),
    locale,
    timeZone,
  );
  return createWhyWords(
    createTranslator({ ...intl, messages: { why: messages }, namespace: 'why' }),
    timeWords,
    (listed) => new Intl.ListFormat(locale).format(listed),
  );
}

/** The answer first, then each cause with its evidence and what would mend it. */
function linesOf(why: Why, words: WhyWords, timeZone: string): string[] {
  const nowMs = Date.parse(why.at);
  const starts = words.starts(why, nowMs);
  return [
    words.sentence(why.causes[0], nowMs),
    ...(starts === null ? [] : [starts]),
    ...why.causes.flatMap((cause, index) => [
      '',
      `${index + 1}. ${words.title(cause, nowMs)}`,
      ...(index === 0 ? [] : [`   ${words.sentence(cause, nowMs)}`]),
      ...table(cause.evidence.map((fact) => words.evidence(fact, nowMs))),
      ...cause.actions.map((action) => `   → ${words.action(action, nowMs)}`),
    ]),
    '',
    messages.lookedAt,
    ...table(why.fine.map((fact) => words.fine(fact, nowMs))),
    '',
    `Times are in ${timeZone}.`,
  ];
}

function table(rows: readonly { label: string; text: string }[]): string[] {
  const width = Math.max(...rows.map(({ label }) => label.length));
  return rows.map(({ label, text }) => `   ${label.padEnd(width)}  ${text}`);
}

function withWords(why: Why, words: WhyWords) {
  const nowMs = Date.parse(why.at);
  return {
    ...why,
    sentence: words.sentence(why.causes[0], nowMs),
    causes: why.causes.map((cause) => ({
      ...cause,
      title: words.title(cause, nowMs),
      sentence: words.sentence(cause, nowMs),
    })),
  };
}
