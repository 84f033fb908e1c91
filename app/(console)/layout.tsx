import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { AppShell } from '#components/shell/app-shell.tsx';
import { requireActor } from '../session.ts';
import { signOutEverywhere } from './account-actions.ts';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { name, email } = await requireActor((await headers()).get('x-path') ?? '/');
  return (
    <AppShell user={{ name, email }} facts={undefined} signOutEverywhere={signOutEverywhere}>
      {children}
    </AppShell>
  );
}
