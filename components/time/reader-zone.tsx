'use client';

import { useTimeZone } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/**
 * Tells the server the reader's zone by the cookie `timezone`, and has the page made again the one time it
 * was made in another zone: first visit, or a journey.
 */
export function ReaderZone() {
  const shownZone = useTimeZone();
  const router = useRouter();
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone === shownZone || document.cookie.includes(`timezone=${zone}`)) return;
    document.cookie = `timezone=${zone}; path=/; max-age=31536000; samesite=lax`;
    router.refresh();
  }, [shownZone, router]);
  return null;
}
