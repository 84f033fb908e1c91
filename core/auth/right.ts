/**
 * For which jobs somebody may do a thing, as a page is told: for all, for none, or for those that carry one of these
 * labels. It is what buttons show; use-cases ask for themselves.
 */
export type Right = boolean | readonly (readonly [name: string, value: string])[];

export function holds(right: Right, labels: Readonly<Record<string, string>>): boolean {
  if (typeof right === 'boolean') return right;
  return right.some(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value);
}

/** For at least one job that could be there. */
export const holdsForSome = (right: Right): boolean => right !== false;

/** For each job for which one of the two holds. */
export function either(one: Right, other: Right): Right {
  if (one === true || other === true) return true;
  if (one === false) return other;
  return other === false ? one : [...one, ...other];
}
