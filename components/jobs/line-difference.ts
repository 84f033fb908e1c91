/** A line of two texts held against each other. */
export type LineChange = { kind: 'same' | 'added' | 'removed'; text: string };

// Beyond so many differing lines a shortest difference takes long and nobody reads it line by line.
const MOST_EDITS = 1_000;

/**
 * The fewest lines to take out of `before` and put into `after`, after Myers' "An O(ND) Difference Algorithm and Its
 * Variations" (1986). Texts that differ in more than 1,000 lines are given as all of one out, all of the other in.
 */
export function lineDifference(before: string, after: string): LineChange[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end++;
  }
  return [
    ...a.slice(0, start).map(same),
    ...shortestEdit(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
}

export type LineHunk = { changes: LineChange[]; skipped: number };

/** Leaves out what is the same for more than `context` lines around a change; `skipped` stands before a hunk. */
export function hunksOf(changes: readonly LineChange[], context = 3): LineHunk[] {
  const isNear = changes.map(() => false);
  changes.forEach((change, index) => {
    if (change.kind === 'same') return;
    const last = Math.min(changes.length - 1, index + context);
    for (let near = Math.max(0, index - context); near <= last; near++) isNear[near] = true;
  });
  const hunks: LineHunk[] = [];
  let skipped = 0;
  changes.forEach((change, index) => {
    if (!isNear[index]) {
      skipped++;
      return;
    }
    if (index === 0 || !isNear[index - 1]) hunks.push({ changes: [], skipped });
    skipped = 0;
    hunks.at(-1)?.changes.push(change);
  });
  return hunks;
}

function shortestEdit(a: readonly string[], b: readonly string[]): LineChange[] {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  // reached[k + zero]: how far into `a` the best path on the diagonal k = x - y has come.
  const zero = most + 1;
  const reached = new Int32Array(2 * most + 3);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(reached.slice());
    for (let k = -edits; k <= edits; k += 2) {
      let x = stepTo(reached, zero, k, edits).x;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reached[k + zero] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, history, zero);
    }
  }
  return [...a.map(removed), ...b.map(added)];
}

/** Where a path enters the diagonal k with its last edit, and from which diagonal: down adds, right removes. */
function stepTo(reached: Int32Array, zero: number, k: number, edits: number) {
  const fromAbove = reached[k + 1 + zero] ?? 0;
  const fromLeft = reached[k - 1 + zero] ?? 0;
  const isDown = k === -edits || (k !== edits && fromLeft < fromAbove);
  return isDown
    ? { isDown, x: fromAbove, fromK: k + 1 }
    : { isDown, x: fromLeft + 1, fromK: k - 1 };
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  history: readonly Int32Array[],
  zero: number,
): LineChange[] {
  const changes: LineChange[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reached = history[edits] ?? new Int32Array(0);
    const { isDown, fromK } = stepTo(reached, zero, x - y, edits);
    const fromX = edits === 0 ? 0 : (reached[fromK + zero] ?? 0);
    const fromY = edits === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY) {
      x--;
      y--;
      changes.push(same(a[x] ?? ''));
    }
    if (edits > 0) changes.push(isDown ? added(b[fromY] ?? '') : removed(a[fromX] ?? ''));
    x = fromX;
    y = fromY;
  }
  return changes.toReversed();
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

function same(text: string): LineChange {
  return { kind: 'same', text };
}
function added(text: string): LineChange {
  return { kind: 'added', text };
}
function removed(text: string): LineChange {
  return { kind: 'removed', text };
}
