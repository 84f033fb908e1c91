'use client';

import { createContext, use } from 'react';
import type { WhyActions, WhyRights } from './why-actions.ts';

export type WhyTools = { actions: WhyActions; rights: WhyRights };

export const WhyContext = createContext<WhyTools | null>(null);

/** What mends causes, and which of it the reader may use. */
export function useWhyTools(): WhyTools {
  const tools = use(WhyContext);
  if (!tools) throw new Error('A cause is shown outside of WhyHost; the shell has it.');
  return tools;
}
