import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterEnd, type Circuit, CLOSED, type SeenEnd } from './circuit.ts';
import { circuitColumn, CircuitRule } from './circuit-rule.ts';

const rule = CircuitRule.parse({
  failures: 3,
  withinMs: 10_000,
  openMs: 1_000,
  longestOpenMs: 3_000,
});
const end = (outcome: SeenEnd['outcome'], runId = 1, attempt = 1): SeenEnd => ({
  runId,
  attempt,
  outcome,
  rule,
});
const failedAt = (...instants: number[]) =>
  instants.reduce((circuit, ms, n) => afterEnd(circuit, end('failed', n + 1), ms), CLOSED);
const tried = (circuit: Circuit, runId = 9): Circuit => ({
  ...circuit,
  probe: { runId, attempt: 1 },
});

describe('a closed circuit', () => {
  it('opens at so many failures in the window, and says which', () => {
    expect(failedAt(0, 100).open).toBeNull();
    expect(failedAt(0, 100, 200).open).toEqual({
      openedAtMs: 200,
      untilMs: 1_200,
      openMs: 1_000,
      openedByRun: 3,
      cause: '3 failures within 10 s, the last one run 3',
    });
  });
  it('forgets those that lie before the window', () => {
    expect(failedAt(0, 100, 10_050).open).toBeNull();
    expect(failedAt(0, 100, 10_050, 10_060).open).not.toBeNull();
  });
  it('counts neither cancelled nor lost attempts, and successes between don’t matter', () => {
    let circuit = failedAt(0, 100);
    for (const outcome of ['cancelled', 'lost', 'succeeded'] as const) {
      circuit = afterEnd(circuit, end(outcome), 150);
    }
    expect(circuit.open).toBeNull();
    expect(afterEnd(circuit, end('timed_out'), 200).open).not.toBeNull();
  });
});

describe('an open circuit', () => {
  const open = failedAt(0, 100, 200);
  it('closes when its probe succeeds', () => {
    expect(afterEnd(tried(open), end('succeeded', 9), 1_300)).toEqual(CLOSED);
  });
  it('opens for twice as long when it fails, up to the bound', () => {
    const again = afterEnd(tried(open), end('failed', 9), 1_300);
    expect(again).toMatchObject({ probe: null, open: { openMs: 2_000, untilMs: 3_300 } });
    const third = afterEnd(tried(again), end('timed_out', 9), 4_000);
    expect(third.open).toMatchObject({ openMs: 3_000, untilMs: 7_000 });
    expect(afterEnd(tried(third), end('failed', 9), 8_000).open?.openMs).toBe(3_000);
  });
  it('gives the place to the next when a probe is lost or cancelled', () => {
    for (const outcome of ['lost', 'cancelled'] as const) {
      expect(afterEnd(tried(open), end(outcome, 9), 1_300)).toEqual({ ...open, probe: null });
    }
  });
  it('stays as it is when a probe by hand fails ahead of time, and closes when it succeeds', () => {
    expect(afterEnd(tried(open), end('failed', 9), 500)).toEqual({ ...open, probe: null });
    expect(afterEnd(tried(open), end('succeeded', 9), 500)).toEqual(CLOSED);
  });
  it('isn’t moved by what began before it opened, nor by another attempt of the probe', () => {
    const probing = tried(open);
    expect(afterEnd(probing, end('succeeded', 2), 1_300)).toBe(probing);
    expect(afterEnd(probing, end('failed', 2), 1_300)).toBe(probing);
    expect(afterEnd(probing, end('succeeded', 9, 2), 1_300)).toBe(probing);
  });
});

it('is never open for longer than its rule allows, whatever ends', () => {
  const outcome = fc.constantFrom('succeeded', 'failed', 'timed_out', 'lost', 'cancelled');
  const step = fc.record({ outcome, afterMs: fc.nat(4_000), isProbe: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let [circuit, nowMs] = [CLOSED, 0];
      for (const [n, one] of steps.entries()) {
        nowMs += one.afterMs;
        if (one.isProbe && circuit.open && circuit.open.untilMs <= nowMs)
          circuit = tried(circuit, n);
        circuit = afterEnd(circuit, end(one.outcome, n), nowMs);
        if (circuit.open) expect(circuit.open.untilMs - nowMs).toBeLessThanOrEqual(3_000);
        expect(circuit.failedAtMs.filter((ms) => ms > nowMs - 10_000).length).toBeLessThan(3);
      }
    }),
  );
});

describe('whose circuit it is', () => {
  const per = (scope: 'job' | 'host') => CircuitRule.parse({ per: scope });
  const http = (url: string) => ({ kind: 'http', url });
  it.each([
    ['none', { circuit: null, work: http('https://a.example/x') }, null],
    ['the job’s', { circuit: per('job'), work: http('https://a.example/x') }, 'job'],
    [
      'the host’s',
      { circuit: per('host'), work: http('https://A.example:443/{{tick}}') },
      'host:a.example',
    ],
    [
      'with its port',
      { circuit: per('host'), work: http('http://a.example:8080/') },
      'host:a.example:8080',
    ],
    ['the job’s where it calls no host', { circuit: per('host'), work: { kind: 'script' } }, 'job'],
  ])('%s', (_name, definition, column) => {
    expect(circuitColumn(definition)).toBe(column);
  });
});
