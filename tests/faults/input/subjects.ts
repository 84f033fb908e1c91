import type { Grant } from '#core/auth/grants.ts';
import type { Schedule } from '#core/schedules/schedule.ts';
import { callerOf, type Asked } from '#tests/support/callers.ts';
import type { TestDatabase } from '#tests/support/database.ts';
import { EVERY_ACTION, tidyUp } from '#tests/support/every-action.ts';
import { EVERY_ROUTE } from '#tests/support/every-route.ts';
import { differing, everything } from '#tests/support/everything.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { sentAlong } from '#tests/support/request-context.ts';
import { fresh, type Seed } from '#tests/support/seeds.ts';
import { makeUser } from '#tests/support/web.ts';
import { act, type Answer, ask, type Browser, builtActions } from './calls.ts';
import { type Call, wrongIn } from './judge.ts';

/** An action or a route of a real console, with what it takes to call it. */
export type Subject = {
  name: string;
  kind: 'action' | 'route';
  isOpen: boolean;
  /** Makes what it works on, and an input that it takes. */
  sample: (seed: Seed) => unknown;
  call: (browser: Browser, input: unknown) => Promise<Answer>;
  statuses?: readonly number[];
};

/** All that the console lets itself be asked. Two that another process would have to be prepared for aren't fuller than open. */
export function everySubject(): Subject[] {
  const built = builtActions();
  const actions = EVERY_ACTION.map(({ name, permission, sample }): Subject => {
    const where = built.get(name);
    if (!where) throw new Error(`The build has no action ${name}.`);
    return {
      name,
      kind: 'action',
      isOpen: permission === 'open',
      sample,
      call: (browser, input) => act(browser, where, input),
    };
  });
  const routes = EVERY_ROUTE.map(({ name, permission, sample, status }): Subject => ({
    name,
    kind: 'route',
    isOpen: permission === 'open',
    sample,
    call: (browser, input) => ask(browser, name, asAsked(input)),
    ...(status !== undefined && { statuses: [status] }),
  }));
  return [...actions, ...routes];
}

/** Whatever became of it: what isn't an object with parameters or a query has none. */
function asAsked(input: unknown): Asked {
  if (typeof input !== 'object' || input === null) return { body: input };
  const { params, query, body, address } = input as Record<string, unknown>;
  const named = (value: unknown) => (typeof value === 'object' && value !== null ? value : {});
  return {
    params: named(params) as NonNullable<Asked['params']>,
    query: named(query) as NonNullable<Asked['query']>,
    body,
    ...(typeof address === 'string' && { address }),
  };
}

/** What the console's own watch writes beside any call. */
const WATCHED = new Set(['database_size', 'incident', 'start_lag']);

type Outcome = { answer: Answer; wrong: string[]; hasDoneIt: boolean };

/** Calls the subjects of one console, and holds each answer against what changed. */
export class Caller {
  readonly #db: TestDatabase;
  readonly #url: string;
  readonly #usual = new Map<string, Call['usual']>();
  /** An input that it takes, and the cookie that goes along with it. */
  readonly #samples = new Map<string, { input: unknown; cookie: string }>();
  /** What stood after the last call; null: something was made since. */
  #after: Map<string, string> | null = null;
  #tidied = 0;
  #self: { cookie: string; userId: string; sessionId: string } | null = null;

  constructor(db: TestDatabase, url: string) {
    this.#db = db;
    this.#url = url;
  }

  /** The call with an input that it takes; what that changes is what it may change. */
  async asMeant(subject: Subject): Promise<Outcome> {
    const everyTable = { has: () => true } as unknown as ReadonlySet<string>;
    this.#usual.set(subject.name, { changed: everyTable, entries: everyTable });
    const changes = { changed: new Set<string>(), entries: new Set<string>() };
    const outcome = await this.call(subject, (input) => input, changes);
    this.#usual.set(subject.name, changes);
    return outcome;
  }

  async call(
    subject: Subject,
    spoil: (input: unknown) => unknown,
    seen?: { changed: Set<string>; entries: Set<string> },
    isAgain = false,
  ): Promise<Outcome> {
    const self = await this.#signedIn();
    const seed: Seed = { db: this.#db, labels: { team: 'billing' }, caller: self };
    if (!this.#samples.has(subject.name)) {
      sentAlong.cookie = '';
      this.#after = null;
      const sample = await subject.sample(seed);
      this.#samples.set(subject.name, { input: sample, cookie: sentAlong.cookie });
    }
    const sample = this.#samples.get(subject.name)!;
    const input = spoil(sample.input);
    const cookie = [self.cookie, sample.cookie].filter(Boolean).join('; ');
    const was = this.#after ?? (await everything(this.#db.sql));
    const [entry, write] = [await this.#newestEntry(), await this.#nextWrite()];
    const answer = await subject.call({ url: this.#url, cookie }, input);
    const isUntouched = (await this.#nextWrite()) === write;
    if (isUntouched && !subject.isOpen && isSignedOut(answer) && !isAgain) {
      // Making a sample, as of a second factor, may end the session that there was.
      this.#self = null;
      this.#samples.clear();
      return this.call(subject, spoil, seen, true);
    }
    this.#after = isUntouched ? was : await everything(this.#db.sql);
    const changed = differing(was, this.#after).filter((table) => !WATCHED.has(table));
    const entries = isUntouched ? [] : await this.#entriesSince(entry);
    for (const table of changed) seen?.changed.add(table);
    for (const one of entries) seen?.entries.add(one);
    const usual = this.#usual.get(subject.name)!;
    const wrong = wrongIn({ ...subject, answer, changed, entries, usual });
    const hasDoneIt = answer.said?.ok === true || changed.length > 0 || entries.length > 0;
    // What it worked on isn't as it was, and the caller may not be either.
    if (hasDoneIt || subject.isOpen) {
      this.#samples.delete(subject.name);
      await this.#tidyUp(seed);
    }
    const isStillSignedIn = isUntouched || (await this.#isStillSignedIn(seed));
    if (!isStillSignedIn) this.#self = null;
    if (!isStillSignedIn && !subject.isOpen && answer.said?.ok === false) {
      wrong.push('refuses, and ends the session of who asked');
    }
    return { answer, wrong, hasDoneIt };
  }

  async #tidyUp(seed: Seed): Promise<void> {
    this.#after = null;
    await tidyUp(seed);
    await this.#db.sql('DELETE FROM rate_limit');
    await this.#putAside();
    this.#samples.clear();
  }

  /** Now and then: else each "pause everything" would open a gap for every job that was ever made. */
  async #putAside(): Promise<void> {
    this.#tidied += 1;
    if (this.#tidied % 200 > 0) return;
    await this.#db.sql('DELETE FROM gap');
    await this.#db.sql('DELETE FROM run WHERE is_live');
    await this.#db.sql(
      'UPDATE job SET deleted_at = clock_timestamp(), next_tick_at = NULL WHERE deleted_at IS NULL',
    );
    // One stays, for what is said to all jobs.
    await makeJob(this.#db, { schedule: HOURLY });
  }

  async #isStillSignedIn(seed: Seed): Promise<boolean> {
    const [still] = await this.#db.sql<{ isWhole: boolean }>(
      `SELECT u.disabled_at IS NULL AND u.grants = $2::jsonb AS "isWhole"
         FROM session s JOIN "user" u ON u.id = s.user_id WHERE s.id = $1`,
      [seed.caller.sessionId, JSON.stringify(ADMIN)],
    );
    return still?.isWhole ?? false;
  }

  /** An admin who never lost a session. */
  async #signedIn() {
    if (this.#self) return this.#self;
    this.#after = null;
    const { id: userId, email } = await makeUser(`${fresh('caller')}@example.org`, ADMIN);
    const { headers } = await callerOf(email);
    const [session] = await this.#db.sql<{ id: string }>(
      'SELECT id FROM session WHERE user_id = $1',
      [userId],
    );
    this.#self = { cookie: headers.get('cookie')!, userId, sessionId: session!.id };
    return this.#self;
  }

  /** The number of the next transaction that writes anything: the same as before where nobody has written. */
  async #nextWrite(): Promise<string> {
    const [row] = await this.#db.sql<{ at: string }>(
      'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS at',
    );
    return row!.at;
  }

  async #newestEntry(): Promise<number> {
    const [row] = await this.#db.sql<{ id: number }>(
      'SELECT coalesce(max(id), 0) AS id FROM audit_entry',
    );
    return row!.id;
  }

  async #entriesSince(id: number): Promise<string[]> {
    const rows = await this.#db.sql<{ action: string }>(
      'SELECT DISTINCT action FROM audit_entry WHERE id > $1',
      [id],
    );
    return rows.map(({ action }) => action);
  }
}

const HOURLY: Schedule = {
  type: 'interval',
  everyMs: 3_600_000,
  anchor: '2026-01-01T00:00:00Z',
  timeZone: 'UTC',
};

const isSignedOut = ({ status, said }: Answer) => status === 401 || said?.code === 'signed_out';

const ADMIN: Grant[] = [{ role: 'admin', label: null, extra: [] }];
