'use client';

import dynamic from 'next/dynamic';
import { createContext, use, type ReactNode } from 'react';
import { nothing } from '#components/ui/nothing.ts';
import type { ClosedTo } from './editor-closed.tsx';

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
