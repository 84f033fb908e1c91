/** A stretch of a log line in one look. `color` and `background` are CSS colours that read in both themes. */
export type LogSpan = {
  text: string;
  color?: string;
  background?: string;
  isBold?: boolean;
  isDim?: boolean;
  isItalic?: boolean;
  isUnderlined?: boolean;
  /** An address that may be opened: http and https alone. */
  href?: string;
};

type Look = Omit<LogSpan, 'text' | 'href'>;

// core/logs/safe-text.ts lets no other escape through.
// eslint-disable-next-line no-control-regex
const COLOUR_CODE = /\u001b\[([0-9;:]{0,40})m/g;
// Stored logs show every other control character as its picture (␛ for an escape); what moves a cursor, erases a line or
// names a window says nothing here.
const OTHER_ESCAPES =
  /\u241b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u2407\u241b]*(?:\u2407|\u241b\\)|[()][A-Z0-9])/g;
const ADDRESS = /https?:\/\/[^\s<>"'`]+/g;
const TRAILING_PUNCTUATION = /[.,;:!?)\]}]+$/;

// Black and white follow the theme; the others are the theme's own inks, which reach 4.5:1 on the log.
const NAMED = [
  'var(--ink)',
  'var(--fail-ink)',
  'var(--ok-ink)',
  'var(--time-ink)',
  'var(--accent)',
  'var(--lost-ink)',
  'var(--run-ink)',
  'var(--ink-2)',
] as const;
const BRIGHT_BLACK = 'var(--ink-3)';

/**
 * Cuts a line into spans: colour codes (SGR of ECMA-48: 16, 256 and true colours) and addresses.
 * Text alone comes out, never markup; a code that isn't known is dropped. A line begins without any look.
 */
export function spansOf(given: string): LogSpan[] {
  const line = given.includes('\u241b') ? given.replaceAll(OTHER_ESCAPES, '') : given;
  const spans: LogSpan[] = [];
  let look: Look = {};
  let from = 0;
  for (const code of line.matchAll(COLOUR_CODE)) {
    addText(spans, line.slice(from, code.index), look);
    look = afterCodes(look, code[1] ?? '');
    from = code.index + code[0].length;
  }
  addText(spans, line.slice(from), look);
  return spans;
}

function addText(spans: LogSpan[], text: string, look: Look): void {
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING_PUNCTUATION, '');
    if (match.index > from) spans.push({ text: text.slice(from, match.index), ...look });
    spans.push({ text: address, href: address, ...look });
    from = match.index + address.length;
  }
  if (from < text.length) spans.push({ text: text.slice(from), ...look });
}

function afterCodes(before: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let look = { ...before };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!;
    if (code === 38 || code === 48) {
      const { color, used } = extendedColour(codes.slice(at + 1));
      if (color !== undefined) look[code === 38 ? 'color' : 'background'] = color;
      at += used;
    } else {
      look = afterCode(look, code);
    }
  }
  return look;
}

function afterCode(look: Look, code: number): Look {
  const without = (...names: (keyof Look)[]): Look =>
    Object.fromEntries(
      Object.entries(look).filter(([name]) => !names.includes(name as keyof Look)),
    );
  if (code === 0) return {};
  if (code === 1) return { ...look, isBold: true };
  if (code === 2) return { ...look, isDim: true };
  if (code === 3) return { ...look, isItalic: true };
  if (code === 4) return { ...look, isUnderlined: true };
  if (code === 22) return without('isBold', 'isDim');
  if (code === 23) return without('isItalic');
  if (code === 24) return without('isUnderlined');
  if (code === 39) return without('color');
  if (code === 49) return without('background');
  if (code >= 30 && code <= 37) return { ...look, color: NAMED[code - 30]! };
  if (code >= 90 && code <= 97) {
    return { ...look, color: code === 90 ? BRIGHT_BLACK : NAMED[code - 90]! };
  }
  if (code >= 40 && code <= 47) return { ...look, background: asGround(NAMED[code - 40]!) };
  if (code >= 100 && code <= 107) return { ...look, background: asGround(NAMED[code - 100]!) };
  return look;
}

/** `5;n` (256 colours) or `2;r;g;b`, and how many parameters that were. */
function extendedColour(rest: readonly number[]): { color: string | undefined; used: number } {
  if (rest[0] === 5) return { color: indexed(rest[1] ?? 0), used: 2 };
  if (rest[0] === 2) {
    const [red = 0, green = 0, blue = 0] = rest.slice(1, 4);
    return { color: readable(red, green, blue), used: 4 };
  }
  return { color: undefined, used: 0 };
}

function indexed(index: number): string | undefined {
  if (index < 0 || index > 255) return undefined;
  if (index < 8) return NAMED[index];
  if (index < 16) return index === 8 ? BRIGHT_BLACK : NAMED[index - 8];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return readable(grey, grey, grey);
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return readable(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

// Half the theme's ink: the hue stays, and no colour vanishes on a ground that it wasn't chosen for.
function readable(red: number, green: number, blue: number): string {
  const byte = (value: number) => Math.min(255, Math.max(0, value));
  return `color-mix(in oklab, rgb(${byte(red)} ${byte(green)} ${byte(blue)}) 50%, var(--ink))`;
}

function asGround(color: string): string {
  return `color-mix(in oklab, ${color} 18%, transparent)`;
}
