import fc from 'fast-check';

/** How a valid input is spoilt: a few steps, one after the other. */
export type Spoiling = readonly Step[];
type Step = {
  /** Which of its places, wherever there are that many. */
  at: number;
  how: 'replace' | 'leave out' | 'add' | 'double' | 'wrap' | 'swap';
  by: unknown;
  /** Of a field that is added. */
  name: string;
};

const DEEP = 80;
const nested = (depth: number): unknown => (depth === 0 ? 'x' : { a: [nested(depth - 1)] });

/** What has broken programs before. */
const SHARP: readonly unknown[] = [
  null,
  undefined,
  true,
  false,
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udfff',
  '\u202e\u0000\u2028',
  '💥'.repeat(100),
  'x'.repeat(300),
  'x'.repeat(20_000),
  'x'.repeat(1_000_000),
  "'; DROP TABLE job; --",
  '$1',
  '$$',
  '$F1',
  '$undefined',
  '../../../etc/passwd',
  '{{secret.NAME}}',
  '%',
  '%%ED%A0%80',
  '__proto__',
  'constructor',
  'NaN',
  'null',
  '[object Object]',
  '0',
  '-1',
  '1e309',
  '99999999999999999999',
  0,
  -0,
  -1,
  1,
  0.1,
  1.5,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  1e308,
  32_768,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  9_007_199_254_740_992,
  2 ** 63,
  '2026-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '-271821-04-20T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  '1970-01-01',
  '2026-11-21T25:61:61Z',
  '9999-12-31T23:59:59.999999999Z',
  'infinity',
  new Date(8.64e15),
  new Date(0),
  [],
  {},
  [[]],
  [null],
  Array.from({ length: 3_000 }, (_, index) => index),
  Array.from({ length: 500 }, () => 'x'),
  Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index])),
  nested(DEEP / 2),
  JSON.parse('{"__proto__": {"isAdmin": true, "ok": true}}'),
  JSON.parse('{"constructor": {"prototype": {"ok": true}}}'),
  JSON.parse('{"then": "x", "toString": 1, "toJSON": "x", "valueOf": null, "length": -1}'),
];

const NAMES = ['__proto__', 'constructor', 'toString', 'then', 'id', 'actor', 'grants', '', '\0'];

const junk = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...SHARP) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
);

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(1_000),
  how: fc.constantFrom(
    'replace',
    'replace',
    'replace',
    'replace',
    'leave out',
    'add',
    'double',
    'wrap',
    'swap',
  ),
  by: junk,
  name: fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 8 })),
});

/** Mostly one step: what is nearly right goes deepest. Sometimes none, sometimes something that was never right. */
export const spoiling: fc.Arbitrary<Spoiling> = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 12, arbitrary: fc.array(step, { minLength: 1, maxLength: 1 }) },
  { weight: 5, arbitrary: fc.array(step, { minLength: 2, maxLength: 4 }) },
  { weight: 1, arbitrary: junk.map((by) => [{ at: 0, how: 'replace' as const, by, name: '' }]) },
);

/** The input after these steps; what was given stays as it was. */
export function spoilt(given: unknown, steps: Spoiling): unknown {
  const root = { input: structuredClone(given) };
  for (const one of steps) {
    const places = placesIn(root);
    const place = places[one.at % places.length];
    if (place) carryOut(one, place, places);
  }
  return root.input;
}

type Holder = Record<string, unknown>;
type Place = { holder: Holder; name: string };

/** Every value in it, with what holds it. */
function placesIn(holder: object): Place[] {
  return Object.entries(holder).flatMap(([name, value]) => [
    { holder: holder as Holder, name },
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}

function carryOut(
  { how, by: given, name, at }: Step,
  place: Place,
  places: readonly Place[],
): void {
  // Steps are drawn from the same few: none may change what another puts in.
  const by = structuredClone(given);
  const value = place.holder[place.name];
  switch (how) {
    case 'replace':
      return put(place, by);
    case 'leave out':
      if (Array.isArray(place.holder)) place.holder.splice(Number(place.name), 1);
      else delete place.holder[place.name];
      return;
    case 'add':
      if (Array.isArray(value)) value.push(by);
      else if (typeof value === 'object' && value !== null)
        put({ holder: value as Holder, name }, by);
      return;
    case 'double':
      if (Array.isArray(value)) value.push(...structuredClone(value));
      else put(place, [value, value]);
      return;
    case 'wrap':
      return put(place, { [name]: value });
    case 'swap': {
      const other = places[(at * 7 + 3) % places.length]!;
      put(place, structuredClone(other.holder[other.name]));
    }
  }
}

/** As an own field, whatever it is called: `__proto__` as JSON has it. */
function put({ holder, name }: Place, value: unknown): void {
  Object.defineProperty(holder, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
