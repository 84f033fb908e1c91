import { complains, isTrailer } from '#core/logs/complaint.ts';
import type { LogLine } from '#core/logs/lines.ts';

/** What stands in the list of a log: a line, a stretch of folded stack frames, or where an attempt begins. */
export type LogItem =
  | { kind: 'line'; key: string; row: LogLine }
  | { kind: 'fold'; key: string; fromLine: number; toLine: number; frames: number }
  | { kind: 'attempt'; key: string; attempt: number };

export type ItemOptions = {
  /** First lines of the folds that the reader opened. */
  opened: ReadonlySet<number>;
  /** A line that has to be seen: its fold is open. */
  shownLine: number | null;
  folds: boolean;
};

const FEWEST_FOLDED = 3;
const LIBRARY_FRAME = /^\s+at .*(?:node_modules[\\/]|\(?node:)|^\s+File ".*[\\/]site-packages[\\/]/;
const PYTHON_FRAME = /^\s+File "/;

/** Frames of libraries, three and more in a row, are folded; their own code stays in sight. */
export function itemsOf(rows: readonly LogLine[], options: ItemOptions): LogItem[] {
  const items: LogItem[] = [];
  for (let at = 0; at < rows.length;) {
    const row = rows[at]!;
    const before = rows[at - 1];
    if (before && before.attempt !== row.attempt) {
      items.push({ kind: 'attempt', key: `a${row.attempt}`, attempt: row.attempt });
    }
    const end = options.folds ? endOfFrames(rows, at) : at;
    if (end - at >= FEWEST_FOLDED && isFolded(rows, at, end, options)) {
      const [fromLine, toLine] = [row.line, rows[end - 1]!.line];
      items.push({ kind: 'fold', key: `f${fromLine}`, fromLine, toLine, frames: end - at });
      at = end;
    } else {
      const last = Math.max(end, at + 1);
      for (; at < last; at++) items.push(itemOf(rows[at]!));
    }
  }
  return items;
}

/** Whether an item reads like an error: the line that says so, and the frames that follow it. */
export function isComplaint(items: readonly LogItem[], index: number): boolean {
  for (let at = index; at >= 0 && at > index - LOOK_BACK; at--) {
    const item = items[at]!;
    if (item.kind === 'attempt') return false;
    if (item.kind === 'fold') continue;
    if (item.row.stream === 'note') return false;
    if (complains(item.row.text)) return true;
    if (!isTrailer(item.row.text)) return false;
  }
  return false;
}

/** Where the item with this line stands; -1 when it isn't among them. */
export function indexOfLine(items: readonly LogItem[], line: number): number {
  return items.findIndex((item) => item.kind === 'line' && item.row.line === line);
}

const LOOK_BACK = 80;

function isFolded(
  rows: readonly LogLine[],
  from: number,
  end: number,
  { opened, shownLine }: ItemOptions,
): boolean {
  const [first, last] = [rows[from]!.line, rows[end - 1]!.line];
  return !opened.has(first) && !(shownLine !== null && shownLine >= first && shownLine <= last);
}

/** The end (exclusive) of the library frames that begin at `from`; `from` itself when none does. */
function endOfFrames(rows: readonly LogLine[], from: number): number {
  let at = from;
  while (at < rows.length && LIBRARY_FRAME.test(rows[at]!.text)) {
    const isPython = PYTHON_FRAME.test(rows[at]!.text);
    at += 1;
    // Python prints the line of code under each frame.
    if (isPython && rows[at]?.text.startsWith('    ')) at += 1;
  }
  return at;
}

// Rows stay the same objects while they don't change (core/logs/lines.ts), so their items and keys do too: a line that
// goes on in a second row has one number twice, and the number alone would be no key.
const made = new WeakMap<LogLine, LogItem>();
let count = 0;

function itemOf(row: LogLine): LogItem {
  let item = made.get(row);
  if (!item) {
    item = { kind: 'line', key: `l${++count}`, row };
    made.set(row, item);
  }
  return item;
}

/** How wide the numbers of these lines are, in digits. */
export function digitsOf(items: readonly LogItem[]): number {
  return Math.max(3, String(lastLine(items)).length);
}

function lastLine(items: readonly LogItem[]): number {
  const last = items.at(-1);
  if (!last) return 0;
  if (last.kind === 'line') return last.row.line;
  return last.kind === 'fold' ? last.toLine : 0;
}
