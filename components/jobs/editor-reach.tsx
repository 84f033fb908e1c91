'use client';

import dynamic from 'next/dynamic';
import { createContext, use, type ReactNode } from 'react';
import { nothing } from '#components/ui/nothing.ts';

/** Groups of the form's fields that different permissions are about, and which permission one lacks for a group. */
export type ClosedTo = Partial<
  Record<'what' | 'when' | 'work', 'job:write' | 'job:write_when' | 'job:write_host'>
>;

export const EditorReach = createContext<ClosedTo>({});

// Most people who open the editor may change all of it.
const ClosedFields = dynamic(
  () => import('./editor-closed.tsx').then((file) => file.ClosedFields),
  { loading: nothing },
);

/** Fields that can be changed, or can't and say who may. */
export function Reach({ of, children }: { of: keyof ClosedTo; children: ReactNode }) {
  const permission = use(EditorReach)[of];
  if (permission === undefined) return children;
  return <ClosedFields permission={permission}>{children}</ClosedFields>;
}
