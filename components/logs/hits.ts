import type { LogSpan } from './ansi.ts';

export type MarkedSpan = LogSpan & { isHit?: true };

/** Cuts spans where a searched text stands, upper and lower case alike, also across the borders of spans. */
export function markHits(spans: readonly LogSpan[], searched: string): MarkedSpan[] {
  if (searched === '') return [...spans];
  const text = spans
    .map((span) => span.text)
    .join('')
    .toLowerCase();
  const needle = searched.toLowerCase();
  const hits: { from: number; to: number }[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
    hits.push({ from: at, to: at + needle.length });
  }
  if (hits.length === 0) return [...spans];
  const marked: MarkedSpan[] = [];
  let offset = 0;
  for (const span of spans) {
    let from = 0;
    const add = (to: number, isHit: boolean) => {
      if (to > from) {
        marked.push({ ...span, text: span.text.slice(from, to), ...(isHit ? { isHit } : {}) });
      }
      from = Math.max(from, to);
    };
    const end = span.text.length;
    for (const hit of hits) {
      const [start, stop] = [hit.from - offset, hit.to - offset];
      if (stop <= 0 || start >= end) continue;
      add(Math.max(0, start), false);
      add(Math.min(end, stop), true);
    }
    add(end, false);
    offset += end;
  }
  return marked;
}
