import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reading } from './reading.ts';
import { MARK, redact, Redactor } from './redactor.ts';

/** A part of a text, and what is to be left of it. */
type Part = { text: string; left: string };

// No character of these texts stands in a secret or in any writing of one, so that all of it has to come through.
const harmless = fc
  .array(fc.constantFrom('«', '»', '…', 'é', '時', '🙂', '~', '|', '\n'), { maxLength: 30 })
  .map((letters) => ({ text: letters.join(''), left: letters.join('') }));

const secretText = fc
  .string({
    unit: fc.constantFrom(...Array.from('abcXYZ0189+/=_-"\\&<> %\n\té€𝄞')),
    minLength: 6,
    maxLength: 60,
  })
  .filter((value) => value.trim().length >= 6 && new Set(value).size > 3 && value === value.trim());

const percent = (text: string, lower = false) =>
  [...Buffer.from(text)].map((byte) => {
    const digits = `%${byte.toString(16).padStart(2, '0')}`;
    return lower ? digits : digits.toUpperCase();
  });

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const unicode = (text: string) =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

const hex = (text: string) => Buffer.from(text).toString('hex');

const WAYS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => encodeURIComponent(secret),
  (secret) => encodeURIComponent(secret).replaceAll('%20', '+'),
  (secret) => percent(secret).join(''),
  (secret) => percent(secret, true).join(''),
  json,
  (secret) => json(secret).replaceAll('/', '\\/'),
  unicode,
  (secret) => hex(secret).replaceAll(/../g, '\\x$&'),
  hex,
  (secret) => hex(secret).toUpperCase(),
  (secret) => hex(secret).replaceAll(/(..)(?=.)/g, '$1:'),
  (secret) => hex(secret).replaceAll(/(.{60})(?=.)/g, '$1\n'),
];

/** The secret within something longer, in base64: what belongs to it alone or shares bits with it goes. */
const base64Part = (
  secret: string,
  before: string,
  after: string,
  isForAddresses: boolean,
): Part => {
  const bytes = (text: string) => Buffer.byteLength(text);
  const whole = Buffer.from(before + secret + after).toString(
    isForAddresses ? 'base64url' : 'base64',
  );
  const first = Math.floor((8 * bytes(before)) / 6);
  const end = Math.ceil((8 * (bytes(before) + bytes(secret))) / 6);
  const padding = after === '' ? whole.length : end;
  return { text: whole, left: whole.slice(0, first) + MARK + whole.slice(padding) };
};

const partOf = (secret: string): fc.Arbitrary<Part> =>
  fc.oneof(
    harmless,
    fc.constantFrom(...WAYS).map((way) => ({ text: way(secret), left: MARK })),
    fc
      .tuple(
        fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
        fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
        fc.boolean(),
      )
      .map(([before, after, isForAddresses]) => base64Part(secret, before, after, isForAddresses)),
  );

/** Secrets, a text that holds them, and where it is cut. */
const texts = fc.array(secretText, { minLength: 1, maxLength: 4 }).chain((secrets) =>
  fc.record({
    secrets: fc.constant(secrets),
    parts: fc.array(fc.constantFrom(...secrets).chain(partOf), { maxLength: 8 }),
    cuts: fc.array(fc.nat({ max: 2_000 }), { maxLength: 12 }),
  }),
);

function inPieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((from, n) => bytes.subarray(from, at[n] ?? bytes.length));
}

function read(redactor: Redactor, pieces: readonly Buffer[]): string {
  return Buffer.concat([...pieces.map((piece) => redactor.push(piece)), redactor.end()]).toString();
}

describe('a secret never comes through, and nothing else is touched', () => {
  it('in whatever writing, wherever the text is cut', () => {
    fc.assert(
      fc.property(texts, ({ secrets, parts, cuts }) => {
        // Something stands between two of them, or the marks would become one.
        const text = parts.map((part) => part.text).join('¦');
        const left = parts.map((part) => part.left).join('¦');
        const reading = new Reading(secrets);
        expect(read(new Redactor(reading), inPieces(Buffer.from(text), cuts))).toBe(left);
        expect(redact(reading, text)).toBe(left);
      }),
      { numRuns: Number(process.env['REDACTION_CASES'] ?? 1_000) },
    );
  });

  it('also where base64 is broken into lines, at any place', () => {
    const secret = 'correct horse battery staple, and a few words more to fill two lines of it';
    const reading = new Reading([secret]);
    for (let before = 0; before < 160; before++) {
      const whole = Buffer.from('x'.repeat(before) + secret + 'y'.repeat(40)).toString('base64');
      for (const end of ['\n', '\r\n', '\\n']) {
        const text = whole.replaceAll(/(.{76})(?=.)/g, `$1${end}`);
        const left = redact(reading, text).replaceAll(end, '');
        const [first, last] = [
          Math.floor((8 * before) / 6),
          Math.ceil((8 * (before + secret.length)) / 6),
        ];
        const [kept, rest] = left.split(MARK) as [string, string];
        expect(whole.startsWith(kept)).toBe(true);
        expect(whole.endsWith(rest)).toBe(true);
        // At the end of the line before, up to 3 characters are 2 bytes of it; at the beginning of the one after, a
        // character that it shares has at most 4 bits of it.
        expect(kept.length - first).toBeLessThanOrEqual(3);
        expect(rest.length - whole.slice(last).length).toBeLessThanOrEqual(1);
      }
    }
  });

  it('of several lines, also a line alone, indented or with other line ends', () => {
    const key = [
      '-----BEGIN KEY-----',
      'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=',
      'second+line/of+the+key==',
      '-----END KEY-----',
      '',
    ].join('\n');
    const reading = new Reading([key]);
    expect(redact(reading, `a ${key} b`)).toBe(`a ${MARK}\n b`);
    expect(redact(reading, key.replaceAll('\n', '\r\n'))).toBe(`${MARK}\r\n`);
    expect(redact(reading, 'x\n    second+line/of+the+key==\n')).toBe(`x\n    ${MARK}\n`);
    expect(redact(reading, '-----BEGIN KEY-----|')).toBe('-----BEGIN KEY-----|');
  });

  it('overlapping and repeated ones leave nothing of either', () => {
    const reading = new Reading(['abcdef-1', 'def-1ghi2', 'zz-zz-zz-']);
    expect(redact(reading, '<abcdef-1ghi2>')).toBe(`<${MARK}>`);
    expect(redact(reading, 'zz-zz-zz-zz-zz|')).toBe(`${MARK}zz|`);
    expect(redact(reading, 'zz-zz-zz-zz-zz-zz-|')).toBe(`${MARK}|`);
    expect(redact(reading, 'abcdeabcdefabcdef-1')).toBe(`abcdeabcdef${MARK}`);
  });

  it('one whose end was cut off goes too, and what only begins alike stays', () => {
    const reading = new Reading(['correct-horse']);
    expect(redact(reading, 'it is correct-ho')).toBe(`it is ${MARK}`);
    expect(redact(reading, 'it is corr')).toBe('it is corr');
    expect(redact(reading, 'correct-ho is nothing')).toBe('correct-ho is nothing');
  });
});

describe('what is held back is bounded', () => {
  it('holds a line end only where a secret could go on', () => {
    const redactor = new Redactor(new Reading(['correct-horse', 'battery+staple']));
    for (const line of ['abc\n', 'correct\n', 'Y29ycmVj\n']) {
      const given = Buffer.from(redactor.push(Buffer.from(line))).toString();
      if (line !== 'Y29ycmVj\n') expect(given).toBe(line);
    }
  });

  it.each(['a', 'ab', 'correct-hors', 'Y29ycmVjdC1ob3Jz', '636f72726563742d'])(
    'a flood of %s',
    (word) => {
      const reading = new Reading(['aaaaaaaaaaaaaaaaab1', 'correct-horse', 'abababababac1']);
      const redactor = new Redactor(reading);
      const piece = Buffer.from(word.repeat(10_000));
      let [came, gone] = [0, 0];
      for (let n = 0; n < 20; n++) {
        came += piece.length;
        gone += redactor.push(piece).length;
        expect(came - gone).toBeLessThanOrEqual(reading.longest);
      }
      gone += redactor.push(Buffer.from('|')).length;
      expect(gone).toBe(came + 1);
    },
  );

  it('what holds no secret passes without a copy', () => {
    const redactor = new Redactor(new Reading(['correct-horse']));
    const piece = Buffer.from('nothing to see here\n'.repeat(100));
    expect(redactor.push(piece)).toBe(piece);
  });

  it('a control: without the form it would come through', () => {
    expect(redact(new Reading(['battery-staple']), 'correct-horse')).toBe('correct-horse');
  });
});

describe('what is looked for may grow while a text goes on', () => {
  it('and nothing that was found before comes through, wherever that happens', () => {
    const [first, second, third] = ['abcdef-1', 'def-1ghi2', 'later-secret'];
    const text = `<abcdef-1ghi2> later-secret and abcdef-1 <later-secret>`;
    for (let cut = 0; cut <= text.length; cut++) {
      const before = new Redactor(new Reading([first, second]));
      const pieces = [before.push(Buffer.from(text.slice(0, cut)))];
      const { redactor, given } = before.goOn(new Reading([first, second, third]));
      pieces.push(given, redactor.push(Buffer.from(text.slice(cut))), redactor.end());
      const left = Buffer.concat(pieces).toString();
      expect(left.startsWith(`<${MARK}> `)).toBe(true);
      expect(left.endsWith(` and ${MARK} <${MARK}>`) || cut > text.indexOf(' <later')).toBe(true);
      for (const found of ['abcdef', 'ghi2']) expect(left).not.toContain(found);
    }
  });
});
