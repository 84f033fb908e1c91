'use client';

import { useTranslations } from 'next-intl';
import { StateWord } from '#components/state/state-word.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Duration } from '#components/time/duration.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { OutcomeBar } from './bar-layout.ts';

/** The same outcomes as a table, newest first, for those who can't see the bars. `hidden` shows it to screen readers alone. */
export function OutcomeTable({
  items,
  caption,
  hidden = false,
}: {
  items: readonly OutcomeBar[];
  caption: string;
  hidden?: boolean | undefined;
}) {
  const t = useTranslations('bars');
  return (
    <table
      className={
        hidden
          ? 'sr-only'
          : 'w-full text-table [&_:is(td,th)]:py-1 [&_:is(td,th)]:pr-3 [&_:is(td,th)]:text-left'
      }
    >
      <caption className="sr-only">{caption}</caption>
      <thead className="text-meta text-ink-3">
        <tr>
          <th scope="col">{t('tick')}</th>
          <th scope="col">{t('outcomeColumn')}</th>
          <th scope="col">{t('took')}</th>
          <th scope="col">{t('failedAttempts')}</th>
        </tr>
      </thead>
      <tbody>
        {items.toReversed().map((item) => (
          <tr key={`${item.at}|${item.runId ?? item.state}`} className="border-t border-line">
            <td>
              {item.runId === null ? (
                <AbsoluteTime at={item.at} />
              ) : (
                <TextLink href={`/runs/${item.runId}`}>
                  <AbsoluteTime at={item.at} />
                </TextLink>
              )}
            </td>
            <td>
              <StateWord state={item.state} />
              {item.state === 'gap' && <> {t('ticks', { count: item.gapTicks ?? 1 })}</>}
            </td>
            <td>{item.durationMs !== null && <Duration ms={item.durationMs} />}</td>
            <td>{item.failedAttempts > 0 && item.failedAttempts}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
