'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { DayStrip } from '#core/overview/day.ts';
import type { RunState } from '#core/runs/states.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { placeStrip, type StripSlot } from './strip-layout.ts';

const COLUMNS = [
  'succeeded',
  'failed',
  'timed_out',
  'lost',
  'running',
  'skipped',
] as const satisfies RunState[];
const HOUR_SLOTS = 4;

/** The strip as a table, an hour a row, the newest first. */
export function DayTable({ day }: { day: DayStrip }) {
  const t = useTranslations('overview');
  const states = useTranslations('states');
  const format = useFormatter();
  const number = (count: number) => (count === 0 ? '–' : format.number(count));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keys
    <div className="max-h-72 overflow-y-auto" tabIndex={0} role="group" aria-label={t('strip')}>
      <table className="w-full text-table [&_:is(td,th)]:h-row-dense [&_:is(td,th)]:pr-3 [&_:is(td,th)]:text-right [&_:is(td,th):first-child]:text-left">
        <caption className="sr-only">{t('stripLabel')}</caption>
        <thead className="sticky top-0 bg-canvas text-meta text-ink-3 [&_th]:font-normal">
          <tr>
            <th scope="col">{t('from')}</th>
            {COLUMNS.map((state) => (
              <th key={state} scope="col">
                {states(state)}
              </th>
            ))}
            <th scope="col">{states('planned')}</th>
          </tr>
        </thead>
        <tbody>
          {hoursOf(placeStrip(day, 24, 6).slots).map((slots) => (
            <tr key={slots[0]!.atMs} className="border-t border-line">
              <td>
                <AbsoluteTime at={new Date(slots[0]!.atMs).toISOString()} />
              </td>
              {COLUMNS.map((state) => (
                <td key={state}>
                  {number(slots.reduce((sum, { counts }) => sum + (counts[state] ?? 0), 0))}
                </td>
              ))}
              <td>{number(slots.reduce((sum, { planned }) => sum + planned, 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function hoursOf(slots: readonly StripSlot[]): StripSlot[][] {
  const hours: StripSlot[][] = [];
  for (let end = slots.length; end > 0; end -= HOUR_SLOTS) {
    hours.push(slots.slice(Math.max(0, end - HOUR_SLOTS), end));
  }
  return hours;
}
