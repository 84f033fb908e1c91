/**
 * Of `keys`, at most three that somebody who wrote `written` may have meant, the nearest first: few letters differ, or
 * one holds the other.
 */
export function nearKeys(written: string, keys: Iterable<string>): string[] {
  const near: { key: string; distance: number }[] = [];
  const most = Math.max(1, Math.floor(written.length / 3));
  for (const key of keys) {
    const distance = distanceWithin(written, key, most);
    if (distance !== null) near.push({ key, distance });
    else if (written.length >= 3 && (key.includes(written) || written.includes(key))) {
      near.push({ key, distance: most + Math.abs(key.length - written.length) / 64 });
    }
  }
  near.sort((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1));
  return near.slice(0, MOST).map(({ key }) => key);
}

const MOST = 3;

/**
 * How many letters are to be put in, taken out, changed or swapped with the next one (optimal string alignment) to make
 * one of the other; null when more than `most`.
 */
function distanceWithin(a: string, b: string, most: number): number | null {
  if (Math.abs(a.length - b.length) > most) return null;
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
    }
    if (Math.min(...next) > most) return null;
    [before, row] = [row, next];
  }
  return row[b.length]! <= most ? row[b.length]! : null;
}
