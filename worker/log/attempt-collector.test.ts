import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePieces, firstSeqOf, type LogPiece } from '#core/logs/codec.ts';
import { AttemptCollector } from './attempt-collector.ts';
import type { AttemptLogOptions } from './attempt-log.ts';

const NOW = 1_795_000_000_000;

function collector(more: Partial<AttemptLogOptions> = {}): AttemptCollector {
  return new AttemptCollector({
    runId: 1,
    attempt: 1,
    linesBefore: 0,
    bytesBefore: 0,
    limitBytes: 10_000_000,
    words: [],
    onLeaseLost: () => {},
    ...more,
  });
}

/** Takes all that is ready, as the writer does when each chunk is stored. */
function takeAll(log: AttemptCollector, nowMs = NOW): LogPiece[] {
  const pieces: LogPiece[] = [];
  for (let chunk = log.take(nowMs); chunk; chunk = log.take(nowMs)) {
    pieces.push(...decodePieces(chunk.body, chunk.firstLine));
    log.acknowledge();
  }
  return pieces;
}

const bytes = (text: string) => Buffer.from(text, 'utf8');
const texts = (pieces: readonly LogPiece[]) => pieces.map((piece) => piece.text);

describe('an attempt’s lines', () => {
  it('are numbered over the run, stamped at arrival and told apart by stream', () => {
    const log = collector({ linesBefore: 40, attempt: 3 });
    log.push('stdout', bytes('one\n'), NOW);
    log.push('stderr', bytes('two\n'), NOW + 5);
    log.note('three', NOW + 6);
    const chunk = log.take(NOW + 7)!;
    expect(chunk).toMatchObject({ seq: firstSeqOf(3), firstLine: 41, lineCount: 3, byteCount: 14 });
    expect(decodePieces(chunk.body, chunk.firstLine)).toEqual([
      { line: 41, continues: false, stream: 'stdout', atMs: NOW, text: 'one' },
      { line: 42, continues: false, stream: 'stderr', atMs: NOW + 5, text: 'two' },
      { line: 43, continues: false, stream: 'note', atMs: NOW + 6, text: 'three' },
    ]);
    expect(log.lines).toBe(43);
  });

  it('are the same chunk again until it is acknowledged', () => {
    const log = collector();
    log.push('stdout', bytes('one\n'), NOW);
    const first = log.take(NOW);
    log.push('stdout', bytes('two\n'), NOW);
    expect(log.take(NOW)).toBe(first);
    log.acknowledge();
    expect(texts(takeAll(log))).toEqual(['two']);
  });

  it('show before their end is known, and go on under their number', () => {
    const log = collector();
    log.push('stdout', bytes('10 % '), NOW);
    expect(log.take(NOW + 10)).toBeNull();
    expect(log.takeInMs(NOW + 10)).toBeLessThanOrEqual(80);
    expect(texts(takeAll(log, NOW + 100))).toEqual(['10 % ']);
    log.push('stderr', bytes('careful\n'), NOW + 110);
    log.push('stdout', bytes('20 %\n'), NOW + 120);
    expect(takeAll(log, NOW + 130)).toMatchObject([
      { line: 2, stream: 'stderr', text: 'careful', continues: false },
      { line: 1, stream: 'stdout', text: '20 %', continues: true },
    ]);
  });

  it('never go back in time, whatever the clock does', () => {
    const log = collector();
    log.push('stdout', bytes('a\n'), NOW);
    log.push('stdout', bytes('b\n'), NOW - 60_000);
    expect(takeAll(log).map((piece) => piece.atMs)).toEqual([NOW, NOW]);
  });

  it('of a note are one line, whatever it quotes', () => {
    const log = collector();
    log.note('GET http://x/\r\nX: y\0', NOW);
    expect(texts(takeAll(log))).toEqual(['GET http://x/ X: y␀']);
  });
});

describe('rule 8: a flood is cut at the job’s limit, keeping head and tail, with the count of what was dropped', () => {
  /** Everything that was written is stored, or counted as dropped. */
  function flood(limitBytes: number, total: number) {
    const log = collector({ limitBytes });
    const pieces: LogPiece[] = [];
    for (let line = 1; line <= total; line++) {
      log.push('stdout', bytes(`line ${line}\n`), NOW + line);
      if (line % 500 === 0) pieces.push(...takeAll(log, NOW + line));
    }
    log.end(NOW + total + 1);
    pieces.push(...takeAll(log));
    return { log, pieces };
  }

  it('keeps the first and the last lines', () => {
    const { log, pieces } = flood(100_000, 50_000);
    const lines = pieces.filter((piece) => piece.stream === 'stdout');
    const notes = texts(pieces.filter((piece) => piece.stream === 'note'));
    expect(lines[0]!.text).toBe('line 1');
    expect(lines.at(-1)!.text).toBe('line 50000');
    expect(notes[0]).toContain('The log has reached 80 kB');
    const dropped = Number(/^([\d,]+) lines/.exec(notes[1]!)![1]!.replaceAll(',', ''));
    expect(lines.length + dropped).toBe(50_000);
    expect(log.bytes).toBeLessThan(100_000);
    // Numbers have no hole, times don't go back.
    expect(pieces.map((piece) => piece.line)).toEqual(pieces.map((_, index) => index + 1));
    expect(
      pieces.every((piece, index) => index === 0 || piece.atMs >= pieces[index - 1]!.atMs),
    ).toBe(true);
  });

  it('CONTROL: what fits is not cut', () => {
    const { pieces } = flood(100_000, 4_000);
    expect(pieces.filter((piece) => piece.stream === 'stdout')).toHaveLength(4_000);
  });

  it('loses nothing when head and tail have room for all', () => {
    // 85 % of the limit: more than the head takes, less than both.
    const { pieces } = flood(100_000, 4_900);
    const lines = pieces.filter((piece) => piece.stream === 'stdout');
    expect(texts(lines)).toEqual(Array.from({ length: 4_900 }, (_, index) => `line ${index + 1}`));
    expect(texts(pieces).some((text) => text.includes('dropped'))).toBe(false);
  });

  it('cuts one endless line, empty lines and NUL bytes too', () => {
    for (const block of [
      Buffer.alloc(65_536, 'x'),
      Buffer.alloc(65_536, '\n'),
      Buffer.alloc(65_536),
    ]) {
      const log = collector({ limitBytes: 200_000 });
      let stored = 0;
      for (let count = 0; count < 200; count++) {
        log.push('stderr', block, NOW);
        for (let chunk = log.take(NOW + 100); chunk; chunk = log.take(NOW + 100)) {
          stored += Buffer.byteLength(chunk.body);
          log.acknowledge();
        }
      }
      log.end(NOW);
      const tail = takeAll(log);
      stored += Buffer.byteLength(texts(tail).join(''));
      expect(stored).toBeLessThan(260_000);
      expect(texts(tail).join(' ')).toContain('dropped here');
    }
  });

  it('gives a later attempt room although the first used the limit up', () => {
    const log = collector({ attempt: 2, bytesBefore: 10_000_000 });
    log.push('stderr', bytes('why it failed\n'), NOW);
    log.end(NOW);
    expect(texts(takeAll(log))).toEqual(['why it failed']);
  });

  it('sees words and counts lines in what it drops', () => {
    const log = collector({ limitBytes: 10_000, words: ['deadlock'] });
    for (let count = 0; count < 3_000; count++) {
      log.push(
        'stdout',
        bytes(count === 1_500 ? 'dead' : count === 1_501 ? 'lock\n' : 'line of some length\n'),
        NOW,
      );
      takeAll(log);
    }
    expect([...log.wordsSeen]).toEqual(['deadlock']);
  });

  it('stays within the limit and in order, whatever comes', () => {
    const arrival = fc.record({
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 9_000 }),
        fc.integer({ min: 1, max: 20_000 }).map((size) => Buffer.alloc(size, 'word\n')),
      ),
    });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 30 }), (arrivals) => {
        const log = collector({ limitBytes: 30_000 });
        const pieces: LogPiece[] = [];
        arrivals.forEach(({ stream, bytes: given }, index) => {
          log.push(stream, given, NOW + index * 50);
          if (index % 3 === 0) pieces.push(...takeAll(log, NOW + index * 50));
        });
        log.end(NOW + 10_000);
        pieces.push(...takeAll(log, NOW + 10_000));
        const begins = pieces.filter((piece) => !piece.continues).map((piece) => piece.line);
        expect(begins).toEqual(begins.map((_, index) => index + 1));
        expect(log.isEmpty).toBe(true);
        expect(log.waitingMemory).toBe(0);
        // One slice beyond the head at most, each byte of it a character of three.
        expect(log.bytes).toBeLessThan(30_000 + 13_000);
      }),
      { numRuns: 200 },
    );
  });
});
