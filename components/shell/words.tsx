'use client';

import { IntlProvider } from 'use-intl';
import { type ComponentProps, use } from 'react';
import { givenWords } from './given-words.ts';

type Props = Omit<ComponentProps<typeof IntlProvider>, 'messages'> & {
  /** Where the browser gets all messages. */
  address: string;
};

type Messages = NonNullable<ComponentProps<typeof IntlProvider>['messages']>;

const AGAIN_MS = 1_000;

/**
 * The words of all that is below, with the language, the zone and the time that they are formatted for. The server has them
 * (`giveWords`); the browser asks for them once and keeps them, and what it shows comes to life when they are there.
 */
export function Words({ address, ...rest }: Props) {
  const messages = (
    typeof window === 'undefined' ? givenWords(address) : use(wordsAt(address))
  ) as Messages;
  return <IntlProvider messages={messages} {...rest} />;
}

const asked: Record<string, Promise<unknown>> = {};
const wordsAt = (address: string) => (asked[address] ??= load(address));

async function load(address: string): Promise<unknown> {
  for (let cache: RequestCache = 'default'; ; cache = 'reload') {
    try {
      return await (await fetch(address, { cache })).json();
    } catch {
      // The server is away for a moment (it sent the page just now), or somebody between answered: not with JSON.
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
