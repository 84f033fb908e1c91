'use client';

import { createContext, use, useEffect, useState } from 'react';
import type { ScheduleDescription } from '#core/schedules/description.ts';
import type { ShownState } from '#components/state/state.ts';
import type { CommandStore, PageAction } from './command-store.ts';

export type { PageAction } from './command-store.ts';

/** A job as the palette shows it. */
export type PaletteJob = {
  key: string;
  /** Quiet words beside the key: why it is paused. */
  hint?: string | undefined;
  /** Told beside the key. */
  schedule?: ScheduleDescription | undefined;
  state?: ShownState | undefined;
};

/** Finds the best few jobs for what was typed; an empty string asks for those that one likely wants. */
export type SearchJobs = (typed: string, signal: AbortSignal) => Promise<PaletteJob[]>;

/** By a job's key. */
export type AskWhy = (jobKey: string) => void;

export type Commands = {
  store: CommandStore;
  openPalette: () => void;
  openKeys: () => void;
  searchJobs: SearchJobs | undefined;
  askWhy: AskWhy | undefined;
};

export const CommandsContext = createContext<Commands | null>(null);

export function useCommands(): Commands {
  const commands = use(CommandsContext);
  if (!commands) throw new Error('Commands are used outside of AppShell.');
  return commands;
}

/**
 * Puts what can be done on this page into the palette, and under its keys, as long as the component stands.
 * `usePageActions([{ id: 'trigger', label: t('trigger'), keys: 't', run: trigger }])`
 */
export function usePageActions(actions: readonly PageAction[]): void {
  const { store } = useCommands();
  const [owner] = useState(() => Symbol('page actions'));
  // Each render may bring new closures; the store only tells its readers when something shows differently.
  useEffect(() => store.set(owner, actions));
  useEffect(() => () => store.remove(owner), [store, owner]);
}
