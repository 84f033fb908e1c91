import { listTrail, type TrailEntry } from '#core/audit/trail.ts';
import type { Actor } from '#core/auth/permissions.ts';
import { CommandProblem, EXIT, inInstallation } from './installation.ts';
import { readInstant } from './instants.ts';

export type TrailOptions = {
  who?: string;
  action?: string;
  subject?: string;
  job?: string;
  from?: string;
  to?: string;
  text?: string;
  limit: string;
  as?: string;
  json?: boolean;
};

const PAGE = 200;

export async function printTrail(options: TrailOptions): Promise<void> {
  await inInstallation(options, async ({ actor }) => {
    const most = Number(options.limit);
    if (!Number.isInteger(most) || most < 1) {
      throw new CommandProblem(`--limit ${options.limit} is no whole number from 1 on.`);
    }
    let left = most;
    for await (const entries of pagesOf(actor, options, most)) {
      const shown = entries.slice(0, left);
      left -= shown.length;
      const lines = shown.map((entry) => (options.json ? JSON.stringify(entry) : lineOf(entry)));
      if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
      if (left === 0) break;
    }
    return EXIT.yes;
  });
}

async function* pagesOf(
  actor: Actor,
  { who, action, subject, job, from, to, text }: TrailOptions,
  most: number,
): AsyncGenerator<TrailEntry[]> {
  const now = new Date();
  const filters = {
    who,
    action,
    subject,
    job,
    text,
    from: from === undefined ? null : readInstant('--from', from, now),
    to: to === undefined ? null : readInstant('--to', to, now),
    limit: Math.min(PAGE, most),
  };
  let cursor: string | null = null;
  do {
    const page = await listTrail(actor, { ...filters, cursor });
    if (!page.ok) throw new CommandProblem(page.refusal.message);
    yield page.value.entries;
    cursor = page.value.older;
  } while (cursor !== null);
}

/** `4711  2026-11-21T10:41:05.120Z  Ada <ada@example.org> from 192.0.2.7  job.pause  job:nightly-backup  “reason”  {…} → {…}` */
function lineOf(entry: TrailEntry): string {
  const who =
    entry.actor +
    (entry.email === null ? '' : ` <${entry.email}>`) +
    (entry.address === null ? '' : ` from ${entry.address}`);
  const parts = [
    String(entry.id),
    entry.at,
    who,
    entry.action,
    entry.subject,
    entry.reason === '' ? '' : `“${entry.reason}”`,
    changeOf(entry),
  ];
  // A name or a reason can hold anything; a terminal shall not obey it.
  return parts
    .filter((part) => part !== '')
    .join('  ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '·');
}

function changeOf({ before, after }: TrailEntry): string {
  const text = (value: unknown) => (value === null ? '–' : JSON.stringify(value));
  if (before === null && after === null) return '';
  return before === null ? text(after) : `${text(before)} → ${text(after)}`;
}
