'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { GapPage, GapTick } from '#core/gaps/gap-page.ts';
import { TickMark } from '#components/jobs/tick-mark.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Link } from '#components/ui/link.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { type GapPlace, gapPageQuery } from './ledger-queries.ts';

/** The ticks of a gap, a page at a time, however many there are. */
export function GapTicks({ jobId, gapId }: { jobId: number; gapId: number }) {
  const t = useTranslations('ledger.gap');
  const [place, setPlace] = useState<GapPlace>({});
  const { data, error, isPlaceholderData } = useQuery(gapPageQuery(jobId, gapId, place));
  if (!data) {
    return error ? (
      <p className="py-2 text-table text-fail-ink">{error.message}</p>
    ) : (
      <RowsSkeleton rows={6} dense label={t('loading')} />
    );
  }
  return (
    <section
      aria-label={t('title')}
      aria-busy={isPlaceholderData}
      className="border-l-2 border-line-strong py-2 pl-4 whitespace-normal"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Places page={data} />
        <Jump page={data} onJump={setPlace} />
        <Paging page={data} onGo={setPlace} />
      </div>
      {data.coveredBy && <Covered coveredBy={data.coveredBy} />}
      {data.ticks.length === 0 ? (
        <p className="py-2 text-table text-ink-2">{t('none')}</p>
      ) : (
        <ol className="mt-2 columns-[15rem] gap-x-8 text-table">
          {data.ticks.map((tick) => (
            <Tick key={tick.at} tick={tick} />
          ))}
        </ol>
      )}
    </section>
  );
}

/** "31,536,000 to 31,535,951 of 31,536,000 ticks". */
function Places({ page: { newest, ticks, total } }: { page: GapPage }) {
  const t = useTranslations('ledger.gap');
  return (
    <p role="status" className="text-table text-ink-2">
      {ticks.length === 0 || ticks.length === total
        ? t('one', { total })
        : t('places', { newest, oldest: newest - ticks.length + 1, total })}
    </p>
  );
}

function Tick({ tick: { at, mark, run } }: { tick: GapTick }) {
  const t = useTranslations('ledger.gap');
  const states = useTranslations('states');
  return (
    <li className="flex min-h-7 break-inside-avoid flex-wrap items-baseline gap-x-3 border-b border-line py-1">
      <span>
        <AbsoluteTime at={at} form="day" className="mr-2 text-ink-3" />
        <AbsoluteTime at={at} form="seconds" />
      </span>
      {run && (
        <span className="text-meta text-ink-2">
          {t.rich('standIn', {
            id: run.id,
            state: states(run.state),
            link: (words) => <RunLink id={run.id}>{words}</RunLink>,
          })}
        </span>
      )}
      {mark && (
        <span className="text-meta text-ink-3">
          <TickMark mark={mark} />
        </span>
      )}
    </li>
  );
}

function Covered({ coveredBy: { at, run } }: { coveredBy: NonNullable<GapPage['coveredBy']> }) {
  const t = useTranslations('ledger.gap');
  const states = useTranslations('states');
  const words = useTimeWords();
  const clock = useClock();
  return (
    <p className="mt-1 text-table text-ink-2" suppressHydrationWarning>
      {t.rich('covered', {
        at: words.absolute(Date.parse(at), clock.atFirst),
        hasRun: String(run !== null),
        id: run?.id ?? 0,
        state: run ? states(run.state) : '',
        link: (chunks) => <RunLink id={run?.id ?? 0}>{chunks}</RunLink>,
      })}
    </p>
  );
}

function RunLink({ id, children }: { id: number; children: ReactNode }) {
  return (
    <Link href={`/runs/${id}`} className="text-accent underline-offset-[3px] hover:underline">
      {children}
    </Link>
  );
}

/** To the ticks up to a time of the reader's own clock. */
function Jump({ page, onJump }: { page: GapPage; onJump: (place: GapPlace) => void }) {
  const t = useTranslations('ledger.gap');
  const words = useTimeWords();
  const [typed, setTyped] = useState('');
  const jump = (event: React.FormEvent) => {
    event.preventDefault();
    const at = new Date(typed);
    if (Number.isNaN(at.getTime())) return;
    // The tick of that very second is among them.
    onJump({ before: new Date(at.getTime() + 1_000).toISOString() });
  };
  return (
    <form onSubmit={jump} className="flex items-center gap-2">
      <Input
        type="datetime-local"
        step={1}
        aria-label={t('jump')}
        title={t('jumpHint', { zone: words.timeZone })}
        value={typed}
        min={localTime(page.from)}
        onChange={(event) => setTyped(event.target.value)}
        className="h-control-small w-52"
      />
      <Button type="submit" size="small" disabled={typed === ''}>
        {t('jumpGo')}
      </Button>
    </form>
  );
}

/** As the browser's field for times has it, in the reader's own zone. */
function localTime(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function Paging({ page, onGo }: { page: GapPage; onGo: (place: GapPlace) => void }) {
  const t = useTranslations('ledger.gap');
  const { newer, older, from } = page;
  const beforeAll = new Date(Date.parse(from) - 1).toISOString();
  return (
    <span className="ml-auto flex gap-2">
      <Button size="small" disabled={newer === null} onClick={() => onGo({})}>
        {t('last')}
      </Button>
      <Button
        size="small"
        disabled={newer === null}
        onClick={() => newer && onGo({ after: newer })}
      >
        {t('newer')}
      </Button>
      <Button
        size="small"
        disabled={older === null}
        onClick={() => older && onGo({ before: older })}
      >
        {t('older')}
      </Button>
      <Button size="small" disabled={older === null} onClick={() => onGo({ after: beforeAll })}>
        {t('first')}
      </Button>
    </span>
  );
}
