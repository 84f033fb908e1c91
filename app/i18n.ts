import { getRequestConfig } from 'next-intl/server';
import { cookies } from 'next/headers';
import { pageNow } from '#core/page-now.ts';
import { type AppLocale, isAppLocale, messagesOf } from './words-of.ts';

declare module 'next-intl' {
  interface AppConfig {
    Locale: AppLocale;
    Messages: (typeof messagesOf)['en'];
  }
}

/** The language is no part of the address: the cookie `locale` says it, and `timezone` says the reader's zone. */
export default getRequestConfig(async () => {
  const jar = await cookies();
  const locale = localeFrom(jar.get('locale')?.value);
  return {
    locale,
    messages: messagesOf[locale],
    timeZone: zoneFrom(jar.get('timezone')?.value),
    now: await pageNow(),
  };
});

function localeFrom(asked: string | undefined): AppLocale {
  return isAppLocale(asked) ? asked : 'en';
}

/** Until the browser has told its zone (see `ReaderZone`), times are in the zone of the server. */
function zoneFrom(asked: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: asked }).resolvedOptions().timeZone;
  } catch {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}
