export type ParameterApart = { name: string; before: string | null; now: string | null };

type Parameters = Readonly<Record<string, unknown>> | null;

/** The parameters whose values differ between two runs, in the order of their names; null: it wasn't given. */
export function parametersApart(before: Parameters, now: Parameters): ParameterApart[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})])].toSorted();
  return names
    .map((name) => ({ name, before: textOf(before, name), now: textOf(now, name) }))
    .filter((value) => value.before !== value.now);
}

function textOf(parameters: Parameters, name: string): string | null {
  const value = parameters?.[name];
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
