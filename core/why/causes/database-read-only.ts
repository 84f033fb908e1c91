import type { CauseRule } from '../cause.ts';

export const databaseReadOnly: CauseRule = {
  find: ({ isReadOnly }) =>
    isReadOnly ? { tone: 'stops', values: {}, evidence: [], actions: [] } : null,
  fine: () => ({}),
};
