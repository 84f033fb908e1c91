import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CauseFinder } from './cause-finder.ts';
import { WordScanner } from './word-scanner.ts';

describe('words of a retry rule', () => {
  it('are seen exactly when the output holds them, wherever it is cut', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\n'), maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 3 }),
        text,
        fc.array(fc.nat(8)),
        (words, all, cuts) => {
          const seen = new Set<string>();
          const scanner = new WordScanner(words, seen);
          let rest = Buffer.from(all, 'utf8');
          for (const size of cuts) {
            scanner.push(rest.subarray(0, size));
            rest = rest.subarray(size);
          }
          scanner.push(rest);
          expect([...seen].toSorted()).toEqual(
            [...new Set(words)].filter((one) => all.includes(one)).toSorted(),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('the line that says why', () => {
  function best(...lines: ['stdout' | 'stderr' | 'note', string][]) {
    const finder = new CauseFinder();
    lines.forEach(([stream, text], index) => finder.see(index + 1, stream, text));
    return finder.best?.text ?? null;
  }

  it('is the last line of standard error', () => {
    expect(best(['stdout', 'error in passing'], ['stderr', 'disk full on /backup'])).toBe(
      'disk full on /backup',
    );
  });

  it('is the error itself, not the stack and version that Node prints under it', () => {
    expect(
      best(
        ['stderr', 'TypeError: job is not a function'],
        ['stderr', '    at file:///script.mjs:1:1'],
        ['stderr', ''],
        ['stderr', 'Node.js v24.21.0'],
      ),
    ).toBe('TypeError: job is not a function');
  });

  it('is the exception, not the traceback above it', () => {
    expect(
      best(
        ['stderr', 'Traceback (most recent call last):'],
        ['stderr', '  File "script.py", line 1, in <module>'],
        ['stderr', "ValueError: invalid literal for int() with base 10: 'x'"],
      ),
    ).toBe("ValueError: invalid literal for int() with base 10: 'x'");
  });

  it('is standard output’s last complaint when standard error is silent', () => {
    expect(best(['stdout', 'FATAL: no space left'], ['stdout', 'bye'])).toBe(
      'FATAL: no space left',
    );
    expect(best(['stdout', 'all is well'], ['note', 'error'])).toBeNull();
  });

  it('is not a complaint of long ago', () => {
    const plain = Array.from({ length: 30 }, (_, index): ['stderr', string] => [
      'stderr',
      `step ${index}`,
    ]);
    expect(best(['stderr', 'error: ignored'], ...plain)).toBe('step 29');
  });

  it('has no colours and at most 300 characters', () => {
    expect(best(['stderr', '\u001b[31merror: bad\u001b[0m'])).toBe('error: bad');
    expect(best(['stderr', `error ${'x'.repeat(1_000)}`])).toHaveLength(300);
  });
});
