/** What an array of a statement is made of. */
type Element = string | number | Date | null;

/**
 * A parameter for `unnest($1, $2, …)`, which fills shorter arrays up with nulls: a column of nothing but nulls is sent as
 * an empty array. Numbers and instants need no quotes, so that thousands of them are written in no time.
 */
export function arrayOf<Item>(
  items: readonly Item[],
  elementOf: (item: Item) => Element,
): string | readonly Element[] {
  const elements = items.map(elementOf);
  const first = elements.find((element) => element !== null);
  if (first === undefined) return [];
  if (typeof first === 'string') return elements;
  const written = elements.map((element) =>
    element === null ? 'NULL' : element instanceof Date ? element.toISOString() : element,
  );
  return `{${written.join(',')}}`;
}
