import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { Clock } from '#core/clock.ts';
import { createPool } from '#core/db.ts';
import type { Environment } from '#core/environment.ts';
import { deliverSettings } from '#core/messages/deliver-settings.ts';
import { directUrl, routeOf } from '#core/route.ts';
import { createBackfiller } from './backfiller.ts';
import { createCanceller } from './canceller.ts';
import { createClaimer } from './claimer.ts';
import { createDefinitions } from './definitions.ts';
import { type Duty, type DutyLoop, startDuty } from './duty.ts';
import { createExecutor } from './executor.ts';
import { createErrorLineCounter } from './error-lines.ts';
import { createFinisher } from './finisher.ts';
import { createGivenStates } from './given-states.ts';
import { createFollower } from './follower.ts';
import { startGuard } from './guard.ts';
import { createHealer } from './healer.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createHistory } from './history.ts';
import type { Identity } from './identity.ts';
import type { Kind } from './kinds/kind.ts';
import { labelsOf } from './labels-of.ts';
import { createLimiter } from './limiter.ts';
import { listenWith } from './listener.ts';
import { createLogWriter } from './log-writer.ts';
import { createMessenger } from './messenger.ts';
import { OwnConnection } from './own-connection.ts';
import { createParameterTeller } from './parameter-teller.ts';
import { createReaderAhead } from './reader-ahead.ts';
import { createRegistration, NOBODY } from './registration.ts';
import { createRescuer } from './rescuer.ts';
import { createReturns } from './returns.ts';
import { createSecretKeeper } from './secret-keeper.ts';
import { createSelfWatch } from './self-watch.ts';
import { SESSION_SETTINGS } from './session-settings.ts';
import { shutDown } from './shutdown.ts';
import { createStrays } from './strays.ts';
import { createUpkeep, restOf } from './upkeep.ts';
import { warmUp } from './warm-up.ts';
import { WOKEN_BY } from './woken-by.ts';

export type WorkerConfig = {
  environment: Environment;
  version: string;
  logger: Logger;
  /** The kinds that this worker executes, by name. */
  kinds: ReadonlyMap<string, Kind>;
};

export type Worker = {
  identity: Readonly<Identity>;
  /** Lets runs finish, ends those that don't, gives them back. Calling it again hurries. */
  stop(): Promise<void>;
};

// Heartbeats and LISTEN share one besides, past any pooler: three in all.
const POOL_SIZE = 2;

/** One worker process: every duty, wired. Resolves once it is registered and looks for work. */
export async function startWorker(config: WorkerConfig): Promise<Worker> {
  const { environment, version, logger, kinds } = config;
  const ownUrl = directUrl(environment);
  const clock = new Clock();
  const identity: Identity = {
    workerId: NOBODY,
    name: environment.PUNCTUAL_WORKER_NAME ?? `${hostname().slice(0, 50)}-${process.pid}`,
    installation: '',
    isDraining: false,
  };
  const { PUNCTUAL_WORKER_SLOTS: slots, PUNCTUAL_KILL_GRACE_MS: killGraceMs } = environment;
  const { PUNCTUAL_HEARTBEAT_MS: heartbeatMs, PUNCTUAL_WORKER_QUEUES: queues } = environment;
  const restMs = restOf(environment);
  const labels = labelsOf(environment.PUNCTUAL_WORKER_LABELS);
  const applicationName = `punctual-worker ${identity.name}`.slice(0, 63);

  const pool = createPool({
    ...routeOf(environment),
    max: POOL_SIZE,
    applicationName,
    settings: SESSION_SETTINGS,
    idleTimeoutMs: 0,
    isPipelined: true,
  });
  const definitions = createDefinitions({ pool });
  const logWriter = createLogWriter({ pool, clock, logger, workerId: () => identity.workerId });
  const loops = new Map<string, DutyLoop>();
  const selfWatch = createSelfWatch({ pool, logger, environment, loops });
  const wake = (name: string) => loops.get(name)?.wake();
  const errorLines = createErrorLineCounter({
    pool,
    onSeen: () => wake('error-lines'),
    onCounted: () => wake('auto-pauser'),
  });
  const backfiller = createBackfiller({ pool, logger, intervalMs: restMs });
  const planAheadMs = environment.PUNCTUAL_PLAN_AHEAD_MS;
  const follower = createFollower({ pool, logger, pollMs: restMs, planAheadMs });
  const room = () => executor.room(finisher.waiting);
  const finisher = createFinisher({
    pool,
    logger,
    isCrowded: () => room().isScarce ?? false,
    onRecorded({ mayPauseJob }) {
      if (mayPauseJob) wake('auto-pauser');
      if (claimer.isSomethingDue) wake('claimer');
      if (backfiller.isFeeding) wake('backfiller');
      if (follower.isFollowing) wake('follower');
    },
  });
  finisher.onAdded(() => wake('finisher'));
  const secrets = createSecretKeeper({ pool, logger, configured: environment.PUNCTUAL_SECRET_KEY });
  const executor = createExecutor({
    kinds,
    definitions,
    secrets,
    giveBack: createReturns({ pool, logger, onFailed: suspectStrays }),
    states: createGivenStates({ pool, logger }),
    logWriter,
    identity,
    clock,
    logger,
    slots,
    killGraceMs,
    httpAllow: environment.PUNCTUAL_HTTP_ALLOW,
    onBegin: selfWatch.noteStart,
    onErrorLine: errorLines.seen,
    isLeaseSure: () => heartbeat.isSure(),
    finish: finisher.add,
  });

  const { PUNCTUAL_SELF_KILL_MS: selfKillMs, PUNCTUAL_LEASE_MS: leaseMs } = environment;
  const guard = startGuard({
    logger,
    // After the worker's own kill is over, and before the lease is.
    killAfterMs: Math.min(selfKillMs + killGraceMs, leaseMs - (leaseMs - selfKillMs) / 4),
  });
  const connection = new OwnConnection({
    url: ownUrl,
    applicationName: `${applicationName} heartbeat`.slice(0, 63),
    deadlineMs: Math.max(heartbeatMs, 1_000),
    onConnect: listenWith((signal) => WOKEN_BY[signal].forEach(wake)),
    onBroken: () => wake('heartbeat'),
  });
  let isStopping = false;
  const heartbeat = createHeartbeat({
    connection,
    identity,
    clock,
    logger,
    leaseMs,
    heartbeatMs,
    selfKillMs,
    slotsInUse: () => Math.min(slots, executor.running),
    report: selfWatch.report,
    onAlive: guard.alive,
    onDrain: setDraining,
    onLost: (why) => void registration.startAnew(why).then(() => wake('claimer')),
    onClockWentBack() {
      healer.beginRound();
      for (const name of ['healer', 'rescuer', 'planner', 'claimer']) wake(name);
    },
  });
  const registration = createRegistration({
    connection,
    identity,
    clock,
    logger,
    executor,
    finisher,
    killGraceMs,
    onRegistered: heartbeat.begin,
    introduction: {
      name: identity.name,
      host: hostname(),
      pid: process.pid,
      version,
      labels,
      queues,
      kinds: [...kinds.keys()],
      slots,
      leaseMs,
      secretKeys: secrets.keyIds,
    },
  });

  await registration.register();
  await warmUp(pool).catch((error: unknown) => {
    logger.warn({ err: error }, 'the statements could not be planned ahead');
  });

  const limiter = createLimiter({ pool, clock });
  const strays = createStrays({ pool, identity, logger, leaseMs, holders: [executor, finisher] });
  const claimer = createClaimer({
    pool,
    clock,
    identity,
    queues,
    kinds: [...kinds.keys()],
    labels,
    jobsBeyond: secrets.jobsBeyond,
    pollMs: restMs,
    leaseMs,
    limit: limiter.runOnce,
    strays,
    logger,
    room,
    start: executor.start,
  });
  const rescuer = createRescuer({
    pool,
    definitions,
    logger,
    leaseMs,
    intervalMs: Math.max(environment.PUNCTUAL_RESCUE_MS, restMs),
  });
  const messenger = createMessenger({
    ...deliverSettings(environment),
    pool,
    logger,
    intervalMs: restMs,
    onSent: () => wake('messenger'),
  });
  const healer = createHealer({ pool, logger });
  const history = createHistory({ applicationName, logger, environment, wake });
  const looking: Duty[] = [
    ...createUpkeep({ pool, logger, environment, keyIds: secrets.keyIds, loops }),
    follower,
    backfiller,
    messenger,
    ...history.duties,
    secrets.duty,
    healer,
    createReaderAhead({ pool, clock, definitions, queues, intervalMs: restMs }),
    claimer,
    rescuer,
    ...selfWatch.duties,
  ];
  const serving: Duty[] = [
    heartbeat,
    finisher,
    errorLines,
    createCanceller({ pool, identity, executor }),
    createParameterTeller({ pool, executor, definitions, intervalMs: heartbeatMs }),
    strays,
  ];
  for (const duty of [...serving, ...looking]) loops.set(duty.name, startDuty(duty, logger));

  const { promise: hurried, resolve: hurry } = Promise.withResolvers<void>();
  let stopped: Promise<void> | undefined;

  return {
    identity,
    stop() {
      if (stopped) hurry();
      stopped ??= stopWorker();
      return stopped;
    },
  };

  function suspectStrays(): void {
    strays.suspect();
    wake('claimer');
  }

  function setDraining(isDraining: boolean): void {
    const next = isDraining || isStopping;
    if (next === identity.isDraining) return;
    identity.isDraining = next;
    logger.info({ running: executor.running }, next ? 'worker drains' : 'worker takes runs again');
    if (next) executor.giveBackWaiting();
    else wake('claimer');
  }

  async function stopWorker(): Promise<void> {
    isStopping = true;
    setDraining(true);
    registration.stop();
    await shutDown({
      logger,
      pool,
      connection,
      identity,
      executor,
      finisher,
      logWriter,
      looking: looking.flatMap(({ name }) => loops.get(name) ?? []),
      serving: serving.flatMap(({ name }) => loops.get(name) ?? []),
      untilSent: messenger.idle,
      beforeExit: () => {
        heartbeat.end();
        history.end();
        guard.close();
      },
      drainMs: environment.PUNCTUAL_DRAIN_MS,
      killGraceMs,
      hurried,
    });
  }
}
