import NextLink from 'next/link';
import type { ComponentProps } from 'react';
import { LinkFollowed } from './link-followed.tsx';

/**
 * A link to a page of the console. Nothing is fetched before somebody follows it: each page is made for whoever asks, so
 * that the links in sight cost the server 10 to 17 requests a page, for a skeleton each at most. One that was followed
 * says so until the page has come.
 */
export function Link({ children, ...props }: ComponentProps<typeof NextLink>) {
  return (
    <NextLink prefetch={false} {...props}>
      {children}
      <LinkFollowed />
    </NextLink>
  );
}
