'use client';

import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';
import { NowProvider } from '#components/time/now-provider.tsx';
import { ReaderZone } from '#components/time/reader-zone.tsx';
import { TipHost } from '#components/ui/tip-host.tsx';
import { QueryProvider } from './query-provider.tsx';

/** What every page needs in the browser: theme, the page's clock, queries, tooltips. */
export function Providers({
  serverNow,
  nonce,
  children,
}: {
  serverNow: string;
  nonce: string | undefined;
  children: ReactNode;
}) {
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      disableTransitionOnChange
      {...(nonce === undefined ? {} : { nonce })}
    >
      <NowProvider serverNow={serverNow}>
        <ReaderZone />
        <TipHost />
        <QueryProvider>{children}</QueryProvider>
      </NowProvider>
    </ThemeProvider>
  );
}
