'use client';

import { useLinkStatus } from 'next/link';

/** Marks the link that it stands in from when it is followed until the page has come; app/globals.css shows it. */
export function LinkFollowed() {
  return useLinkStatus().pending ? <span hidden data-followed /> : null;
}
