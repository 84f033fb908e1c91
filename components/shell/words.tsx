'use client';

import { IntlProvider } from 'use-intl';
import { type ComponentProps, useMemo } from 'react';

type Props = Omit<ComponentProps<typeof IntlProvider>, 'messages'> & {
  /** All messages, as JSON. */
  text: string;
};

/** The words of all that is below, with the language, the zone and the time that they are formatted for. */
export function Words({ text, ...rest }: Props) {
  const messages = useMemo(() => JSON.parse(text), [text]);
  return <IntlProvider messages={messages} {...rest} />;
}
