const MOST_DEEP = 100;
const IS_VALUE = /^\$(\$|D|undefined$|NaN$|-?Infinity$|-0$)/;

/**
 * Whether what a server action was sent can be decoded. React writes arguments as JSON in which some texts that begin
 * with `$` stand for what JSON has no word for; the console sends plain data, so of these only values and references to
 * an object that came before are used. Anything else would end in Next's own 500, before an action of ours is reached.
 */
export function isActionBody(text: string): boolean {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return false;
  }
  const finished = new Set<object>();
  const isFine = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return !value.startsWith('$') || isWord(value, root, finished);
    if (typeof value !== 'object' || value === null) return true;
    if (depth >= MOST_DEEP) return false;
    const areFine = Object.values(value).every((inner) => isFine(inner, depth + 1));
    finished.add(value);
    return areFine;
  };
  return Array.isArray(root) && isFine(root, 0);
}

/** A value, or `$0:0:labels`: what stands there in the root. */
function isWord(word: string, root: unknown, finished: ReadonlySet<object>): boolean {
  if (IS_VALUE.test(word)) return true;
  const [id, ...path] = word.slice(1).split(':');
  if (id !== '0') return false;
  let target = root;
  for (const key of path) {
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) return false;
    target = (target as Record<string, unknown>)[key];
  }
  return typeof target === 'object' && target !== null && finished.has(target);
}
