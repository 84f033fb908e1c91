const MOST_DEEP = 100;
/** React counts the texts and places of arrays that stand in each other, and decodes no more than that of them. */
const MOST_IN_ARRAYS = 1_000_000;
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
  // What came to its end, with the count of the arrays that it belongs to.
  const finished = new Map<object, Arrays | null>();
  const isFine = (value: unknown, depth: number, around: Arrays | null): boolean => {
    if (typeof value === 'string') {
      return (
        hasRoom(around, value.length) &&
        (!value.startsWith('$') || IS_VALUE.test(value) || isReference(value, around))
      );
    }
    if (typeof value !== 'object' || value === null) return true;
    if (depth >= MOST_DEEP) return false;
    const arrays = Array.isArray(value) ? (around ?? { count: 0 }) : null;
    const all = Object.values(value);
    const areFine =
      hasRoom(arrays, all.length + 1) && all.every((inner) => isFine(inner, depth + 1, arrays));
    finished.set(value, arrays);
    return areFine;
  };
  const isReference = (word: string, around: Arrays | null): boolean => {
    const target = targetOf(word, root);
    return (
      target !== null && finished.has(target) && hasRoom(around, finished.get(target)?.count ?? 0)
    );
  };
  return Array.isArray(root) && isFine(root, 0, null);
}

/** An array and those that stand in it without an object between: what they hold so far. */
type Arrays = { count: number };

function hasRoom(arrays: Arrays | null, more: number): boolean {
  if (arrays === null) return true;
  arrays.count += more;
  return arrays.count <= MOST_IN_ARRAYS;
}

/** `$0:0:labels`: what stands there in the root. */
function targetOf(word: string, root: unknown): object | null {
  const [id, ...path] = word.slice(1).split(':');
  if (id !== '0') return null;
  let target = root;
  for (const key of path) {
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) return null;
    target = (target as Record<string, unknown>)[key];
  }
  return typeof target === 'object' ? target : null;
}
