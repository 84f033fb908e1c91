import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { NowProvider } from '#components/time/now-provider.tsx';
import states from '../../messages/en/states.json' with { type: 'json' };
import time from '../../messages/en/time.json' with { type: 'json' };
import { NextAttempt } from './next-attempt.tsx';

const NOW = '2026-11-21T02:40:00Z';

function shown(dueAt: string): string {
  const html = renderToStaticMarkup(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ states, time }}>
      <NowProvider serverNow={NOW}>
        <NextAttempt run={{ attempts: 2, dueAt }} />
      </NowProvider>
    </NextIntlClientProvider>,
  );
  return html.replaceAll(/<[^>]*>/g, '').replaceAll('\u00a0', ' ');
}

test('a retry that is due is called due, not past', () => {
  expect(shown('2026-11-21T02:40:12Z')).toBe('attempt 3 in 12 s');
  expect(shown(NOW)).toBe('attempt 3 due');
  expect(shown('2026-11-21T02:39:59Z')).toBe('attempt 3 due');
});
