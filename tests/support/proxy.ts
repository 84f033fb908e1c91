import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { answerEnds, StatementReader } from './wire.ts';

/**
 * `open`: bytes pass. `swallow`: bytes are taken and go nowhere, and nobody is told, as on a line that was cut between
 * two routers. `swallow answers`: only what the server says is lost.
 */
export type Line = 'open' | 'swallow' | 'swallow answers';

/** Whether it is the statement that is waited for; `before` is the one before it on the same connection. */
export type FitsStatement = (statement: string, before: string) => boolean;

export type TestProxy = {
  /** The database's address, through this proxy. */
  url: string;
  set(line: Line): void;
  /** Bytes take so long each way from now on, ms. */
  delay(ms: number): void;
  /** The next COMMIT still reaches the database; from then on the line swallows answers. Resolves at that moment. */
  swallowAnswerToCommit(): Promise<void>;
  /** The next statement that fits is carried out; its answer is lost, and its connection cut. Resolves then. */
  loseAnswerTo(fits: FitsStatement): Promise<void>;
  /** The connection of the next statement that fits goes dead once the answer has come through. Resolves then. */
  goDeadAfter(fits: FitsStatement): Promise<void>;
  /**
   * Connections that are open now, and have carried a statement that fits, go dead for good: bytes vanish, and nobody is
   * told. New ones are as the line says. Gives how many.
   */
  goDead(fits?: (statement: string) => boolean): number;
  /** How many live connections have carried a statement that fits. */
  living(fits: (statement: string) => boolean): number;
  /** How many bytes went nowhere so far. */
  readonly swallowed: number;
  /** Resets every connection; new ones are made as the line says. */
  reset(): void;
};

type Pair = {
  near: Socket;
  far: Socket;
  isDead: boolean;
  statements: StatementReader;
  carried: Set<string>;
  /** What the end of the next answer brings about. */
  onAnswer: (() => void) | null;
  losesAnswer: boolean;
};

/** A TCP line to the database that a test can break. It ends with the test. */
export async function startProxy(database: { url: string }): Promise<TestProxy> {
  const target = new URL(database.url);
  const pairs = new Set<Pair>();
  let line: Line = 'open';
  let delayMs = 0;
  let swallowed = 0;
  let trap: { fits: FitsStatement; spring: (pair: Pair) => void } | null = null;

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const pair: Pair = {
      near,
      far,
      isDead: false,
      statements: new StatementReader(),
      carried: new Set(),
      onAnswer: null,
      losesAnswer: false,
    };
    pairs.add(pair);
    const there = inOrder(() => delayMs);
    const back = inOrder(() => delayMs);
    near.on('data', (bytes) => {
      for (const { statement, before } of pair.statements.read(bytes)) {
        pair.carried.add(statement);
        if (!trap?.fits(statement, before)) continue;
        const { spring } = trap;
        trap = null;
        spring(pair);
      }
      there(() => {
        if (pair.isDead || line === 'swallow') swallowed += bytes.length;
        else far.write(bytes);
      });
    });
    far.on('data', (bytes) => {
      const ends = answerEnds(bytes) ? pair.onAnswer : null;
      if (ends) pair.onAnswer = null;
      back(() => {
        if (pair.isDead || pair.losesAnswer || line !== 'open') swallowed += bytes.length;
        else near.write(bytes);
        ends?.();
      });
    });
    for (const [one, other, way] of [
      [near, far, there],
      [far, near, back],
    ] as const) {
      one.on('error', () => {});
      // The end of one side is news as well: it doesn't pass a line that swallows.
      one.on('close', () =>
        way(() => {
          if (line === 'open' && !pair.isDead) other.destroy();
          if (other.destroyed) pairs.delete(pair);
        }),
      );
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (pair: Pair) => {
    pair.near.destroy();
    pair.far.destroy();
    pairs.delete(pair);
  };
  const reset = () => pairs.forEach(cut);
  onTestFinished(() => {
    reset();
    server.close();
  });
  const at = (fits: FitsStatement, spring: (pair: Pair, done: () => void) => void) =>
    new Promise<void>((done) => {
      trap = { fits, spring: (pair) => spring(pair, done) };
    });

  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    set(next) {
      line = next;
    },
    delay(ms) {
      delayMs = ms;
    },
    swallowAnswerToCommit: () =>
      at(isCommit, (_, done) => {
        line = 'swallow answers';
        done();
      }),
    loseAnswerTo: (fits) =>
      at(fits, (pair, done) => {
        pair.losesAnswer = true;
        pair.onAnswer = () => {
          cut(pair);
          done();
        };
      }),
    goDeadAfter: (fits) =>
      at(fits, (pair, done) => {
        pair.onAnswer = () => {
          pair.isDead = true;
          done();
        };
      }),
    goDead(fits = () => true) {
      const dying = livingAmong(pairs, fits);
      for (const pair of dying) pair.isDead = true;
      return dying.length;
    },
    living: (fits) => livingAmong(pairs, fits).length,
    get swallowed() {
      return swallowed;
    },
    reset,
  };
}

export const isCommit: FitsStatement = (statement) => statement === 'COMMIT';

const livingAmong = (pairs: ReadonlySet<Pair>, fits: (statement: string) => boolean) =>
  [...pairs].filter(
    ({ isDead, near, carried }) => !isDead && !near.destroyed && [...carried].some(fits),
  );

/** Does each thing after the delay of its moment, and never before the one that came before it. */
function inOrder(delayMs: () => number): (doIt: () => void) => void {
  let lastAt = 0;
  let waiting = 0;
  return (doIt) => {
    const now = performance.now();
    const at = Math.max(now + delayMs(), lastAt);
    lastAt = at;
    if (at <= now && waiting === 0) return doIt();
    waiting += 1;
    setTimeout(() => {
      waiting -= 1;
      doIt();
    }, at - now);
  };
}
