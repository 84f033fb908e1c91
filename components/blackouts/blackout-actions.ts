import type { BlackoutDefinition } from '#core/blackouts/blackout-input.ts';
import type { SavedBlackout } from '#core/blackouts/blackouts.ts';
import type { Outcome } from '#core/outcome.ts';

/** What is sent to save a blackout. */
export type BlackoutInput = BlackoutDefinition;

/** The server actions that the pages hand down. */
export type BlackoutFormActions = {
  create: (input: BlackoutInput) => Promise<Outcome<SavedBlackout>>;
  edit: (
    input: BlackoutInput & { id: number; basedOnVersion: number },
  ) => Promise<Outcome<SavedBlackout & { isChanged: boolean }>>;
};

export type BlackoutListActions = {
  end: (input: { id: number }) => Promise<Outcome<SavedBlackout>>;
  remove: (input: { id: number }) => Promise<Outcome<{ name: string; jobs: number }>>;
};
