import type { Scope } from './permissions.ts';

/** For WHERE: the job with these labels is one of those that the scope in the parameter tells of. */
export const inScope = (labels: string, parameter: string) =>
  `(${parameter}::jsonb[] IS NULL OR ${labels} @> ANY (${parameter}::jsonb[]))`;

export const scopeParameter = (scope: Scope): string[] | null =>
  scope && scope.map((labels) => JSON.stringify(labels));
