import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TailRing } from './tail-ring.ts';

const arrivals = fc.array(
  fc.record({
    stream: fc.constantFrom('stdout' as const, 'stderr' as const),
    atMs: fc.nat(1_000),
    bytes: fc.uint8Array({ maxLength: 3_000 }),
  }),
  { maxLength: 60 },
);

describe('the tail of a flood', () => {
  it('is the end of what came, in order; together with what was dropped it is all', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1_024, max: 5_000 }), (given, size) => {
        const ring = new TailRing(size);
        for (const { stream, atMs, bytes } of given) ring.push(stream, atMs, bytes);
        const kept = [...ring.arrivals()].map((one) => ({ ...one, bytes: Buffer.from(one.bytes) }));
        const all = Buffer.concat(given.map((one) => one.bytes));
        const tail = Buffer.concat(kept.map((one) => one.bytes));
        expect(tail.length).toBeLessThanOrEqual(size);
        expect(all.subarray(all.length - tail.length).equals(tail)).toBe(true);
        expect(ring.droppedBytes).toBe(all.length - tail.length);
        expect(ring.droppedLines).toBe(
          all.subarray(0, all.length - tail.length).filter((byte) => byte === 10).length,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the streams apart', () => {
    const ring = new TailRing(1_024);
    ring.push('stdout', 1, Buffer.from('out'));
    ring.push('stdout', 2, Buffer.from('out'));
    ring.push('stderr', 2, Buffer.from('err'));
    expect([...ring.arrivals()].map(({ stream, bytes }) => [stream, String(bytes)])).toEqual([
      ['stdout', 'outout'],
      ['stderr', 'err'],
    ]);
  });
});
