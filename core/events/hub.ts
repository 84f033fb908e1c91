import type pg from 'pg';
import type { Grant } from '../auth/grants.ts';
import { mayForSome, type Scope, scopeOf } from '../auth/permissions.ts';
import { stillSignedIn } from '../auth/sessions.ts';
import { CONSOLE_CHANNEL, createClient, sqlOf } from '../db.ts';
import { environment } from '../environment.ts';
import { directUrl } from '../route.ts';
import { type Change, TOPICS } from './events.ts';
import type { StreamMessage } from './merge.ts';
import { webPool } from '../prisma.ts';
import { type LabelsOf, labelsIn, ScopedChanges } from './scoped-changes.ts';

/** One open stream of a browser. */
export type Subscriber = {
  sessionId: string;
  /** What its person may do. */
  grants: readonly Grant[];
  onMessage(message: StreamMessage): void;
  /** The session is over, or this process ends: the stream is to close. Called once. */
  onEnd(): void;
};

type HubOptions = {
  connect: () => pg.Client;
  /** Those of these sessions that are still good, with what their people may do now. */
  stillSignedIn: (sessionIds: string[]) => Promise<ReadonlyMap<string, readonly Grant[]>>;
  /** The labels of the jobs that are changed, for those who may know of some jobs only. */
  labelsOf: LabelsOf;
  checkSessionsMs?: number;
  probeMs?: number;
};

const RETRY_LEAST_MS = 200;
const RETRY_MOST_MS = 10_000;

/**
 * Feeds all event streams of a web process from one LISTEN. After a time without a connection every stream hears `*`,
 * so that nothing is missed; a new stream hears it first, for what changed between its page and it.
 */
export class Hub {
  readonly #options: HubOptions;
  /** With the jobs that each may know of. */
  readonly #subscribers = new Map<Subscriber, Scope>();
  readonly #scoped: ScopedChanges;
  #client: pg.Client | null = null;
  #isListening = false;
  #isClosed = false;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #sessionTimer: NodeJS.Timeout | undefined;
  #probeTimer: NodeJS.Timeout | undefined;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#scoped = new ScopedChanges(options.labelsOf, (toldTo) => {
      for (const [subscriber, scope] of this.#subscribers) {
        if (scope !== null) for (const message of toldTo(scope)) subscriber.onMessage(message);
      }
    });
  }

  /** @returns ends the subscription, without `onEnd` */
  subscribe(subscriber: Subscriber): () => void {
    if (this.#isClosed) {
      subscriber.onEnd();
      return () => {};
    }
    this.#subscribers.set(subscriber, scopeOfGrants(subscriber.grants));
    this.#start();
    if (this.#isListening) subscriber.onMessage(EVERYTHING);
    return () => this.#subscribers.delete(subscriber);
  }

  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  /** Ends every stream and the connection, for good: an open stream would keep the process alive. */
  async closeAll(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#sessionTimer);
    clearInterval(this.#probeTimer);
    this.#scoped.close();
    for (const subscriber of this.#subscribers.keys()) this.#end(subscriber);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  #start(): void {
    const { checkSessionsMs = 5_000, probeMs = 20_000 } = this.#options;
    this.#sessionTimer ??= setInterval(() => void this.#checkSessions(), checkSessionsMs).unref();
    this.#probeTimer ??= setInterval(() => void this.#probe(), probeMs).unref();
    if (!this.#client && !this.#retry) void this.#listen();
  }

  async #listen(): Promise<void> {
    this.#retry = undefined;
    const client = this.#options.connect();
    this.#client = client;
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${CONSOLE_CHANNEL}`);
    } catch {
      this.#lose(client);
      return;
    }
    if (this.#client !== client) return;
    this.#failures = 0;
    this.#isListening = true;
    this.#tellEverything();
  }

  /** The connection is gone: another is tried, sooner at first, with jitter against all processes at once. */
  #lose(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#isListening = false;
    client.end().catch(() => {});
    if (this.#isClosed) return;
    const backoffMs = Math.min(RETRY_MOST_MS, RETRY_LEAST_MS * 2 ** this.#failures);
    this.#failures += 1;
    const delayMs = backoffMs * (0.5 + Math.random() / 2);
    this.#retry = setTimeout(() => void this.#listen(), delayMs).unref();
  }

  /** A half-open connection never says that it is dead: a question that isn't answered does. */
  async #probe(): Promise<void> {
    const client = this.#client;
    if (!client || !this.#isListening) return;
    try {
      await client.query('SELECT 1');
    } catch {
      this.#lose(client);
    }
  }

  #hear(payload: string): void {
    const change = parseChange(payload);
    if (!change) return;
    if (change.topic === 'user') void this.#checkSessions();
    let isAnyScoped = false;
    for (const [subscriber, scope] of this.#subscribers) {
      if (scope === null) subscriber.onMessage(change);
      else isAnyScoped = true;
    }
    if (isAnyScoped) this.#scoped.add(change);
  }

  #tellEverything(): void {
    for (const subscriber of this.#subscribers.keys()) subscriber.onMessage(EVERYTHING);
  }

  /** While the database is away streams stay open: nothing can reach them, and signing out can't happen either. */
  async #checkSessions(): Promise<void> {
    const subscribers = [...this.#subscribers.keys()];
    if (subscribers.length === 0) return;
    let good: ReadonlyMap<string, readonly Grant[]>;
    try {
      good = await this.#options.stillSignedIn(subscribers.map(({ sessionId }) => sessionId));
    } catch {
      return;
    }
    for (const subscriber of subscribers) {
      const grants = good.get(subscriber.sessionId);
      if (grants === undefined) this.#end(subscriber);
      else this.#rescope(subscriber, scopeOfGrants(grants));
    }
  }

  /** Where its person may know of other jobs than before, the page looks at everything again. */
  #rescope(subscriber: Subscriber, scope: Scope): void {
    const before = this.#subscribers.get(subscriber);
    if (before === undefined || JSON.stringify(before) === JSON.stringify(scope)) return;
    this.#subscribers.set(subscriber, scope);
    subscriber.onMessage(EVERYTHING);
  }

  #end(subscriber: Subscriber): void {
    if (this.#subscribers.delete(subscriber)) subscriber.onEnd();
  }
}

const EVERYTHING: StreamMessage = { topic: '*', ids: [] };

function scopeOfGrants(grants: readonly Grant[]): Scope {
  const somebody = { kind: 'user', id: '', name: '', email: '', grants, address: null } as const;
  return mayForSome(somebody, 'job:read') ? scopeOf(somebody, 'job:read') : [];
}

function parseChange(payload: string): Change | null {
  try {
    const { topic, ids } = JSON.parse(payload) as Partial<Change>;
    if (topic === undefined || !TOPICS.includes(topic) || !Array.isArray(ids)) return null;
    return { topic, ids };
  } catch {
    return null;
  }
}

const held = globalThis as { punctualHub?: Hub };

/** The hub of this web process: one, also when Next loads the module twice. */
export function hub(): Hub {
  held.punctualHub ??= new Hub({
    connect: () => createClient(directUrl(environment()), 'punctual-events'),
    stillSignedIn,
    labelsOf: labelsIn(() => sqlOf(webPool())),
  });
  return held.punctualHub;
}

/** Ends all streams when the process is told to stop, and those that come after that by an open connection. */
export async function closeAllStreams(): Promise<void> {
  await hub().closeAll();
}
