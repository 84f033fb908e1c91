import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Clock } from '#core/clock.ts';
import type { JobDefinition } from '#core/jobs/definition.ts';
import { type ParameterValues, resolveParameters } from '#core/jobs/parameters.ts';
import type { EndedAttempt } from '#core/runs/finish.sql.ts';
import type { Definition } from './definitions.ts';
import { endOf, endWithout } from './end-of-attempt.ts';
import { type Hidden, hiddenOf, NOTHING_HIDDEN } from './hidden.ts';
import type { Identity } from './identity.ts';
import type { Answer, Kind } from './kinds/kind.ts';
import { traceIdOf } from './kinds/trace.ts';
import { ToldParameters } from './told-parameters.ts';
import type { AttemptLog, LogSummary } from './log/attempt-log.ts';
import type { LogWriter } from './log-writer.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import type { StartedRun } from './started-run.ts';
import { type Stop, verdictOf } from './verdict.ts';

export type AttemptConfig = {
  kinds: ReadonlyMap<string, Kind>;
  logWriter: Pick<LogWriter, 'open'>;
  secrets: Pick<SecretKeeper, 'load'>;
  identity: Identity;
  clock: Clock;
  logger: Logger;
  killGraceMs: number;
  httpAllow: readonly string[];
  /** Told of each line that reads as an error, of jobs that are paused by them. */
  onErrorLine?: (line: { jobId: number; runId: number; atMs: number }) => void;
  /** Whether the lease can be counted on now; where it can't, every attempt has been stopped when this returns. */
  isLeaseSure: () => boolean;
  /** Takes over what has ended, and whether a tick could find it running and be skipped for it, or end it. */
  finish: (ended: EndedAttempt, isAwaited: boolean) => void;
  /** Takes back the claims of runs that this worker doesn't start. */
  giveBack: (runs: readonly StartedRun[]) => Promise<void>;
  /** Told of each run as it begins. */
  onBegin?: (run: StartedRun, startedAt: Date) => void;
};

/** One attempt of a claimed run, from its definition to what the finisher records. */
export class Attempt {
  readonly run: StartedRun;
  readonly #config: AttemptConfig;
  readonly #claimedAtMs = performance.now();
  #startedAtMs = this.#claimedAtMs;
  #startedAt: Date;
  #stop: Stop | null = null;
  // These while it needs them: whoever waited for a slot is old to the garbage collector, and what it holds gets old too.
  #controller: AbortController | null = null;
  #log: AttemptLog | null = null;
  #told: ToldParameters | null = null;
  #hidden: Hidden = NOTHING_HIDDEN;

  constructor(run: StartedRun, config: AttemptConfig) {
    this.run = run;
    this.#config = config;
    this.#startedAt = run.startedAt;
  }

  /** The first reason counts, except that a lost lease beats every other: then nothing may be recorded. */
  stop(stop: Stop): void {
    if (this.#stop === null || stop.reason === 'lease_lost') this.#stop = stop;
    if (stop.reason === 'lease_lost') this.#log?.abandon();
    this.#controller?.abort(stop.reason);
  }

  /** What it is to be told of edited parameters; null while it runs nothing that asks for it. */
  get told(): ToldParameters | null {
    return this.#told;
  }

  /** @param state what the job kept before; null when that couldn't be read */
  async execute(definition: Definition, state: string | null): Promise<void> {
    this.#begin();
    if (!definition.ok) return this.giveUp(definition.problem);
    if (state === null)
      return this.giveUp('what the job kept for this run could not be read', definition.value);
    const resolved = resolveParameters(definition.value.parameters, this.run.parameters ?? {});
    if (!resolved.ok) {
      return this.giveUp(
        resolved.problems.map(({ message }) => message).join(' '),
        definition.value,
      );
    }
    const secrets = await this.#config.secrets.load(this.run.jobId, definition.value);
    if (!secrets.ok) {
      return secrets.waits
        ? this.#config.giveBack([this.run])
        : this.giveUp(secrets.problem, definition.value);
    }
    // Nothing has begun: another worker can start it, also where the job may not run twice.
    if (this.#stop?.reason === 'shutdown') return this.#config.giveBack([this.run]);
    this.#hidden = hiddenOf(definition.value, resolved.values, secrets.values);
    const log = this.#hidden.in(this.#openLog(definition.value));
    const { parameters, tellParameters } = definition.value;
    if (tellParameters) {
      this.#told = new ToldParameters(
        this.run,
        parameters,
        resolved.values,
        log,
        (edited, values) => this.#hidden.learn(edited, values),
      );
    }
    const answer = this.#hidden.answer(
      await this.#answerOf(
        definition.value,
        { ...secrets, parameters: resolved.values, state },
        log,
      ),
    );
    this.#told = null;
    if (answer.newState !== undefined && !this.run.covers) log.note(this.#whyStateIsDropped());
    const elapsedMs = performance.now() - this.#startedAtMs;
    const summary = await log.finish();
    this.#log = null;
    if (!summary.isOwned || this.#isLeaseLost()) return;
    this.#end(definition.value, answer, summary, elapsedMs);
  }

  /** What was claimed ahead begins now, and not when it was claimed. */
  #begin(): void {
    this.#startedAtMs = performance.now();
    const waitedMs = this.#startedAtMs - this.#claimedAtMs;
    this.#startedAt = new Date(this.run.startedAt.getTime() + waitedMs);
    if (this.#stop === null) this.#config.onBegin?.(this.run, this.#startedAt);
  }

  #whyStateIsDropped(): string {
    return this.run.trigger === 'test'
      ? 'This is a test: the state that it wrote is not kept.'
      : 'This run has other parameters than the job’s own: the state that it wrote is not kept.';
  }

  #isLeaseLost(): boolean {
    return this.#stop?.reason === 'lease_lost';
  }

  #openLog(definition: JobDefinition): AttemptLog {
    const log = this.#config.logWriter.open({
      runId: this.run.id,
      attempt: this.run.attempt,
      linesBefore: this.run.logLines,
      bytesBefore: this.run.logBytes,
      limitBytes: definition.logLimitBytes,
      words: definition.retry.byCause.flatMap((rule) =>
        rule.cause === 'output' ? [rule.word] : [],
      ),
      onErrorLine: this.#errorLineListener(definition),
      onLeaseLost: () => this.stop({ reason: 'lease_lost' }),
    });
    this.#log = log;
    // Stopped while its definition was being read.
    if (this.#isLeaseLost()) log.abandon();
    return log;
  }

  #errorLineListener({ autoPause }: JobDefinition): ((atMs: number) => void) | undefined {
    const { onErrorLine } = this.#config;
    if (!onErrorLine || !autoPause?.errorLines || this.run.trigger === 'test') return undefined;
    const { id: runId, jobId } = this.run;
    return (atMs) => onErrorLine({ jobId, runId, atMs });
  }

  async #answerOf(
    definition: JobDefinition,
    given: { parameters: ParameterValues; values: Readonly<Record<string, string>>; state: string },
    log: AttemptLog,
  ): Promise<Answer> {
    const { kinds, identity, killGraceMs, httpAllow, isLeaseSure, logger } = this.#config;
    const kind: Kind<unknown> | undefined = kinds.get(definition.work.kind);
    if (!kind) {
      return { ok: false, cause: `this worker doesn’t execute ${definition.work.kind} jobs` };
    }
    if (this.#stop) return { ok: false, wasStopped: true };
    const controller = new AbortController();
    this.#controller = controller;
    const timeoutMs = definition.timeoutMs ?? this.run.defaultTimeoutMs;
    const timer = setTimeout(() => this.stop({ reason: 'timed_out', timeoutMs }), timeoutMs);
    try {
      return await kind.execute({
        config: definition.work,
        jobKey: definition.key,
        runId: this.run.id,
        attempt: this.run.attempt,
        trigger: this.run.trigger,
        // Its own tick, or the one that it stands for.
        scheduledFor: this.run.coversTo,
        stretch: { from: this.run.coversFrom, to: this.run.coversTo },
        state: given.state,
        parameterFeed: this.#told,
        get traceId() {
          return traceIdOf(identity.installation, this.runId);
        },
        parameters: given.parameters,
        secrets: given.values,
        hide: this.#hidden.text,
        log,
        signal: controller.signal,
        mayGoOn: () => isLeaseSure() && this.#stop === null,
        killGraceMs,
        httpAllow,
      });
    } catch (error) {
      const words = this.#hidden.text(error instanceof Error ? (error.stack ?? '') : String(error));
      logger.error({ error: words, runId: this.run.id, kind: kind.name }, 'a kind of job threw');
      return { ok: false, cause: `Punctual could not execute it: ${messageOf(error)}` };
    } finally {
      clearTimeout(timer);
      this.#controller = null;
    }
  }

  #end(definition: JobDefinition, answer: Answer, log: LogSummary, elapsedMs: number): void {
    const verdict = verdictOf(answer, this.#stop, this.#config.identity.name);
    const duration = { startedAt: this.#startedAt, elapsedMs };
    const now = this.#config.clock.databaseNow();
    this.#finish(endOf(this.run, definition, duration, { answer, verdict, log, now }));
  }

  /** Ends the attempt without the work's own word: it couldn't start, or Punctual is at fault. Not tried again. */
  giveUp(problem: string, definition: JobDefinition | null = null): void {
    if (this.#isLeaseLost()) return;
    const duration = {
      startedAt: this.#startedAt,
      elapsedMs: performance.now() - this.#startedAtMs,
    };
    this.#finish(endWithout(this.run, definition, duration, this.#hidden.text(problem)));
  }

  #finish(ended: EndedAttempt): void {
    const { overlap } = this.run;
    this.#config.finish(ended, overlap !== 'allow' && overlap !== 'queue_all');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
