import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { Alarm, type Duty, retryDelayMs, startDuty } from './duty.ts';

type Line = { level: number; msg: string };

function quietLogger() {
  const lines: Line[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line) => lines.push(JSON.parse(line) as Line) },
  );
  return { logger, lines };
}

/** A duty whose passes the test lets through one by one. */
function steppedDuty(outcomes: ('ok' | 'error')[], intervalMs = 3_600_000) {
  const begun: (() => void)[] = [];
  let passes = 0;
  let waiting: ((passes: number) => void)[] = [];
  const duty: Duty = {
    name: 'stepped',
    intervalMs,
    async runOnce() {
      passes += 1;
      const listeners = waiting;
      waiting = [];
      for (const listener of listeners) listener(passes);
      await new Promise<void>((resolve) => begun.push(resolve));
      if (outcomes.shift() === 'error') throw new Error('the database is away');
      return { counts: {} };
    },
  };
  return {
    duty,
    passes: () => passes,
    nextPass: () => new Promise<number>((resolve) => waiting.push(resolve)),
    endPass: () => begun.shift()?.(),
  };
}

describe('startDuty', () => {
  it('runs once more when it was woken during a pass', async () => {
    const { duty, nextPass, endPass, passes } = steppedDuty(['ok', 'ok']);
    const loop = startDuty(duty, quietLogger().logger);
    const second = nextPass();
    loop.wake();
    loop.wake();
    endPass();
    expect(await second).toBe(2);
    endPass();
    await nextTurn();
    expect(passes()).toBe(2);
    const ended = loop.stop();
    endPass();
    await ended;
  });

  it('waits for the pass under way when it is stopped, and begins no other', async () => {
    const { duty, endPass, passes } = steppedDuty(['ok']);
    const loop = startDuty(duty, quietLogger().logger);
    let hasEnded = false;
    const ended = loop.stop().then(() => {
      hasEnded = true;
    });
    await nextTurn();
    expect(hasEnded).toBe(false);
    endPass();
    await ended;
    expect(passes()).toBe(1);
  });

  it('tells an error once, tries again, and tells that it is over', async () => {
    const { duty, nextPass, endPass } = steppedDuty(['error', 'error', 'ok']);
    const { logger, lines } = quietLogger();
    const loop = startDuty(duty, logger);
    for (let pass = 2; pass <= 3; pass++) {
      const next = nextPass();
      endPass();
      expect(await next).toBe(pass);
    }
    endPass();
    await nextTurn();
    await loop.stop();
    const said = lines.map(({ msg }) => msg);
    expect(said).toEqual(['duty failed; trying again', 'duty recovered']);
  });
});

it('doubles the pause after an error up to five seconds', () => {
  expect(retryDelayMs(1, 0)).toBe(50);
  expect(retryDelayMs(1, 1)).toBe(100);
  expect(retryDelayMs(3, 1)).toBe(400);
  expect(retryDelayMs(50, 1)).toBe(5_000);
});

describe('an alarm', () => {
  it('rings in time, and at the earliest of several times', async () => {
    const alarm = new Alarm();
    const beganAtMs = performance.now();
    const slept = alarm.sleep(3_600_000);
    alarm.ringIn(1_800_000);
    alarm.ringIn(20);
    alarm.ringIn(900_000);
    await slept;
    expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(19);
  });

  it('rings for the next sleep where none is under way', async () => {
    const alarm = new Alarm();
    alarm.ringIn(5);
    await alarm.sleep(3_600_000);
    alarm.reset();
    let isOver = false;
    void alarm.sleep(3_600_000).then(() => {
      isOver = true;
    });
    await nextTurn();
    expect(isOver).toBe(false);
    alarm.ring();
    await nextTurn();
    expect(isOver).toBe(true);
  });
});
