'use client';

import NextLink, { useLinkStatus } from 'next/link';
import type { ComponentProps } from 'react';

/**
 * A link to a page of the console. Nothing is fetched before somebody follows it: each page is made for whoever asks, so
 * that the links in sight cost the server 10 to 17 requests a page, for a skeleton each at most. One that was followed
 * says so until the page has come (app/globals.css).
 */
export function Link({ children, ...props }: ComponentProps<typeof NextLink>) {
  return (
    <NextLink prefetch={false} {...props}>
      {children}
      <Followed />
    </NextLink>
  );
}

const Followed = () => (useLinkStatus().pending ? <i hidden data-followed /> : null);
