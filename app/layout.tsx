import './globals.css';
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { getLocale, getNow, getTimeZone } from 'next-intl/server';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { EarlyActs } from '#components/shell/early-acts.tsx';
import { giveWords } from '#components/shell/given-words.ts';
import { Providers } from '#components/shell/providers.tsx';
import { Words } from '#components/shell/words.tsx';
import { messagesOf, wordsOf } from './words-of.ts';

export const metadata: Metadata = {
  title: { default: 'Punctual', template: '%s · Punctual' },
  description: 'Scheduled work, with every tick accounted for.',
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#111215' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  const locale = await getLocale();
  const now = await getNow();
  const { address } = wordsOf(locale);
  giveWords(address, messagesOf[locale]);
  return (
    // The theme's script sets data-theme before the first paint: the server can't know it.
    <html
      lang={locale}
      className={`${GeistSans.variable} ${GeistMono.variable} font-sans`}
      suppressHydrationWarning
    >
      <head>
        <link rel="preload" as="fetch" href={address} crossOrigin="anonymous" />
      </head>
      <body>
        <EarlyActs nonce={nonce} />
        <Words locale={locale} timeZone={await getTimeZone()} now={now} address={address}>
          <Providers serverNow={now.toISOString()} nonce={nonce}>
            {children}
          </Providers>
        </Words>
      </body>
    </html>
  );
}
