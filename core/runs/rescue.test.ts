import { describe, expect, it } from 'vitest';
import { RetryRule } from '../jobs/retry-rule.ts';
import type { LostRun } from './lost.sql.ts';
import { decideRescue } from './rescue.ts';

const now = new Date('2026-03-01T02:31:00Z');
const run = (given: Partial<LostRun> = {}): LostRun => ({
  id: 7,
  scheduledFor: new Date('2026-03-01T02:30:00Z'),
  jobId: 1,
  revision: 1,
  trigger: 'tick',
  workerId: 3,
  workerName: 'w-b1',
  isWorkerLost: true,
  silentForMs: 60_100,
  attempt: 1,
  dueAt: new Date('2026-03-01T02:30:00Z'),
  startedAt: new Date('2026-03-01T02:30:00Z'),
  losses: 0,
  isCancelRequested: false,
  cancelledBy: null,
  logLines: 12,
  logBytes: 340,
  earlier: [],
  ...given,
});
const definition = {
  retry: RetryRule.parse({}),
  mayRunTwice: true,
  circuit: null,
  autoPause: null,
  work: { kind: 'script' as const, interpreter: 'sh' as const, text: 'true', environment: [] },
};

describe('decideRescue (rule 4)', () => {
  it('puts a run back that may run twice, with the fence of the attempt that was lost', () => {
    expect(decideRescue(run(), definition, now, 0)).toMatchObject({
      runId: 7,
      workerId: 3,
      attempt: 1,
      outcome: 'lost',
      retryAt: now,
      losses: 1,
      logLines: 12,
      logBytes: 340,
      cause: 'worker w-b1 didn’t answer for 60 s',
    });
  });

  it('leaves it lost, and says why, where it may not', () => {
    const kept = decideRescue(run(), { ...definition, mayRunTwice: false }, now, 0);
    expect(kept).toMatchObject({ outcome: 'lost', retryAt: null });
    expect(kept.cause).toBe('worker w-b1 didn’t answer for 60 s, and the job may not run twice');
  });

  it('stops after three losses in a row', () => {
    const third = decideRescue(run({ losses: 2 }), definition, now, 0);
    expect(third).toMatchObject({ retryAt: null, losses: 3 });
    expect(third.cause).toContain('3rd time in a row');
  });

  it('leaves a test lost, whatever its job may', () => {
    const lost = decideRescue(run({ trigger: 'test' }), definition, now, 0);
    expect(lost.retryAt).toBeNull();
    expect(lost.cause).toBe('worker w-b1 didn’t answer for 60 s, and a test isn’t tried again');
  });

  it('doesn’t start again what can’t be read', () => {
    expect(decideRescue(run(), null, now, 0).retryAt).toBeNull();
  });

  it('names a worker that ended in order, and who cancelled', () => {
    const cancelled = run({ isWorkerLost: false, isCancelRequested: true, cancelledBy: 'Test' });
    expect(decideRescue(cancelled, definition, now, 0).cause).toBe(
      'cancelled by Test; worker w-b1 ended before the run did',
    );
  });
});
