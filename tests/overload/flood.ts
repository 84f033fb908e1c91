import { setTimeout as pause } from 'node:timers/promises';
import type { RunningProcess } from '../e2e/installation.ts';
import {
  addressesIn,
  isFailure,
  lagsIn,
  type PageFigures,
  pagesIn,
  type Spread,
  spreadOf,
  type Stretch,
} from './measure.ts';
import { mainPages, runPage } from './pages.ts';
import { type Answer, type Readers, startReaders } from './readers.ts';
import { type Flood, type ScenarioName, SCENARIOS } from './scenarios.ts';
import { openStage, type Stage } from './stage.ts';
import { type ProcessUse, watchProcess } from './watch-process.ts';

/** What one stretch of time was like. */
export type Half = {
  pages: PageFigures[];
  /** All pages of all readers. */
  page: Spread;
  /** All reads that keep them live. */
  read: Spread;
  addresses: { address: string; took: Spread }[];
  /** Of the job that nothing else touches, from its tick to its process. */
  lag: Spread;
  /** Ticks of it that have no process yet. */
  ticksWithout: number;
  answers: number;
  /** Answers that are none, or an error. */
  failed: number;
  failures: string[];
  console: ProcessUse;
  workers: ProcessUse[];
};

export type Figures = {
  name: ScenarioName;
  title: string;
  idle: Half;
  flooded: Half;
  outcome: string;
};

const STAY_MS = 15_000;
const SETTLE_MS = 8_000;
const WARM_UP_MS = 10_000;

/** One flood on an installation of its own: measured at rest, let loose, measured again. */
export async function flood(
  name: ScenarioName,
  { server, readers: count, seconds }: { server: string; readers: number; seconds: number },
): Promise<Figures> {
  const scenario = SCENARIOS[name];
  const stage = await openStage(server, count + 20);
  const { installation, cookies, steady } = stage;
  const started: Readers[] = [];
  try {
    const prepared = await scenario.prepare(stage);
    const pagesOf = await mainPages();
    const [known] = await installation.db.sql<{ id: number }>(
      'SELECT max(id)::int AS id FROM run WHERE NOT is_live',
    );
    let runId = known!.id;
    started.push(
      startReaders(installation.url, {
        count,
        stayMs: STAY_MS,
        pages: () => pagesOf(steady, runId),
        cookieOf: (n) => cookies[n]!,
      }),
    );
    const answers = () => started.flatMap((one) => one.soFar());
    await pause(WARM_UP_MS);
    const idle = await measured(stage, answers, seconds);
    await prepared.begin();
    const shown = (await prepared.runId?.().catch(() => null)) ?? null;
    if (shown !== null) runId = shown;
    const looking = followNewest(prepared, (id) => {
      runId = id;
    });
    if (prepared.followers) {
      started.push(
        startReaders(installation.url, {
          count: prepared.followers,
          stayMs: STAY_MS,
          pages: () => [{ ...runPage(runId), name: 'Log' }],
          cookieOf: (n) => cookies[count + n]!,
        }),
      );
    }
    const flooded = await measured(stage, answers, seconds);
    looking.stop();
    const outcome = await prepared.outcome();
    return { name, title: scenario.title, idle, flooded, outcome };
  } finally {
    await Promise.all(started.map((readers) => readers.stop()));
    await stage.close();
  }
}

function followNewest(prepared: Flood, shows: (id: number) => void): { stop(): void } {
  const timer = setInterval(() => {
    void prepared.runId?.().then(
      (id) => {
        if (id !== null) shows(id);
      },
      () => {},
    );
  }, 1_000);
  return { stop: () => clearInterval(timer) };
}

async function measured(
  { installation, workers, steady, record }: Stage,
  answers: () => Answer[],
  seconds: number,
): Promise<Half> {
  const watched = [installation.console, ...workers].map(({ pid }: RunningProcess) =>
    watchProcess(pid),
  );
  const stretch: Stretch = {
    from: Date.now(),
    fromMs: performance.now(),
    until: Date.now() + seconds * 1_000,
    untilMs: performance.now() + seconds * 1_000,
  };
  await pause(seconds * 1_000);
  const [consoleUse, ...workerUse] = watched.map((one) => one.stop());
  // What was asked or due at the end has its time.
  await pause(SETTLE_MS);
  const lags = lagsIn(record(), steady.key, stretch);
  const own = answers().filter(({ atMs }) => atMs >= stretch.fromMs && atMs < stretch.untilMs);
  const failures = own.filter(isFailure);
  const tookOf = (what: Answer['what']) =>
    spreadOf(own.filter((answer) => answer.what === what).map(({ tookMs }) => tookMs));
  return {
    pages: pagesIn(own, stretch),
    page: tookOf('page'),
    read: tookOf('read'),
    addresses: addressesIn(own, stretch),
    lag: spreadOf(lags),
    ticksWithout: Math.max(0, seconds - lags.length),
    answers: own.length,
    failed: failures.length,
    failures: [...new Set(failures.map(({ status, address }) => `${status} ${address}`))].concat(
      failures.length > 0 ? installation.console.output().slice(-3_000) : [],
    ),
    console: consoleUse!,
    workers: workerUse,
  };
}
