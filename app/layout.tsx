import './globals.css';
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { getLocale, getMessages, getNow, getTimeZone } from 'next-intl/server';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { EarlyActs } from '#components/shell/early-acts.tsx';
import { Providers } from '#components/shell/providers.tsx';
import { Words } from '#components/shell/words.tsx';

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
  return (
    // The theme's script sets data-theme before the first paint: the server can't know it.
    <html
      lang={locale}
      className={`${GeistSans.variable} ${GeistMono.variable} font-sans`}
      suppressHydrationWarning
    >
      <body>
        <EarlyActs nonce={nonce} />
        <Words locale={locale} timeZone={await getTimeZone()} now={now} text={await messageText()}>
          <Providers serverNow={now.toISOString()} nonce={nonce}>
            {children}
          </Providers>
        </Words>
      </body>
    </html>
  );
}

const texts = new WeakMap<object, string>();

/** As one text they pass to the browser at a third of what React takes for their ten thousand parts. */
async function messageText(): Promise<string> {
  const messages = await getMessages();
  const text = texts.get(messages) ?? JSON.stringify(messages);
  texts.set(messages, text);
  return text;
}
