'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { type CSSProperties, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { cn } from '#components/ui/cn.ts';
import { HttpProblem } from '#components/shell/fetch-json.ts';
import { notify } from '#components/ui/toast.tsx';
import type { LogPage } from '#core/logs/logs.ts';
import { itemsOf } from './log-items.ts';
import type { Jump } from './log-lines.tsx';
import { fetchFirstError } from './log-queries.ts';
import { LogPane } from './log-pane.tsx';
import { LogToolbar, type StreamChoice } from './log-toolbar.tsx';
import { followsAfterScroll, rowOfLine } from './log-window.ts';
import { useLog } from './use-log.ts';
import { useLogFrame } from './use-log-frame.ts';
import { useLogSearch } from './use-log-search.ts';

export type RunLogProps = {
  runId: number;
  /** The log's end, as the server read it. */
  initialPage: LogPage;
  /** Numbers of the attempts that there are. */
  attempts: readonly number[];
  /** The run hasn't ended. */
  isLive: boolean;
  hasStarted: boolean;
  lines: number;
  bytes: number;
};

/** A run's log: live while it is written, and searchable however long it is. */
export function RunLog({
  runId,
  initialPage,
  attempts,
  isLive,
  hasStarted,
  lines,
  bytes,
}: RunLogProps) {
  const t = useTranslations('log');
  // A finished log opens at its end, too: that is where it says how it went.
  const [isFollowing, setFollowing] = useState(true);
  const log = useLog(runId, initialPage, isFollowing);
  const { window: kept } = log;
  const [jump, setJump] = useState<Jump | null>(null);
  const [linkedLine, setLinkedLine] = useState<number | null>(null);
  const [isWrapped, setWrapped] = useState(true);
  const [showsTimes, setTimes] = useState(true);
  const [attempt, setAttempt] = useState<number | null>(null);
  const [stream, setStream] = useState<StreamChoice>('both');

  // Where the reader was sent last: an answer that comes late takes nobody back.
  const wish = useRef(0);
  const goToLine = async (line: number) => {
    const own = ++wish.current;
    setFollowing(false);
    const isThere = rowOfLine(kept, line) !== null || (await log.goTo({ from: 'line', line }));
    if (own !== wish.current) return;
    if (isThere) setJump({ line, wish: own });
    else notify(t('lineGone', { line }));
  };
  const section = useRef<HTMLElement>(null);
  const frame = useLogFrame(section);
  const search = useLogSearch(runId, (line) => void goToLine(line));
  useLineInAddress((line) => {
    setLinkedLine(line);
    setAttempt(null);
    setStream('both');
    void goToLine(line);
  });

  const rows = useMemo(
    () =>
      kept.rows.filter(
        (row) =>
          (attempt === null || row.attempt === attempt) &&
          (stream === 'both' || row.stream === stream || row.stream === 'note'),
      ),
    [kept.rows, attempt, stream],
  );

  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const shownLine = jump?.line ?? null;
  // While one searches nothing is folded: a hit could hide in it.
  const folds = search.searched === '';
  const items = useMemo(
    () => itemsOf(rows, { opened, shownLine, folds }),
    [rows, opened, shownLine, folds],
  );

  const follow = async () => {
    if (kept.hasLater) await log.goTo({ from: 'tail' });
    setFollowing(true);
  };
  const goToFirstError = async () => {
    const own = ++wish.current;
    const line = await fetchFirstError(runId);
    if (own !== wish.current) return;
    if (line === null) notify(t('noError'));
    else await goToLine(line);
  };
  const link = (line: number) => {
    history.replaceState(null, '', `#L${line}`);
    setLinkedLine(line);
  };

  return (
    <section
      ref={section}
      aria-label={t('title')}
      style={frame.style as CSSProperties}
      className={cn(
        'flex flex-col',
        frame.isFilling
          ? 'fixed inset-0 z-40 bg-canvas'
          : 'col-span-full -mx-gutter max-h-[max(26rem,calc(100dvh-var(--log-top)-1.5rem))] border-y border-line phone:max-h-[80dvh]',
      )}
    >
      <LogToolbar
        runId={runId}
        size={<LogSize lines={Math.max(lines, kept.rows.at(-1)?.line ?? 0)} bytes={bytes} />}
        attempts={attempts}
        attempt={attempt}
        onAttempt={setAttempt}
        stream={stream}
        onStream={setStream}
        search={search}
        isWrapped={isWrapped}
        onWrapped={setWrapped}
        showsTimes={showsTimes}
        onTimes={setTimes}
        isLive={isLive}
        isFollowing={isFollowing}
        onFollow={() => void follow()}
        onFirstError={() => void goToFirstError()}
        isFilling={frame.isFilling}
        onFilling={frame.setFilling}
      />
      <div
        className={cn(
          'flex min-h-0 flex-col border-t border-line',
          frame.isFilling && 'flex-1 bg-sunk',
        )}
      >
        {log.problem && <LogProblem problem={log.problem} isLive={kept.isLive} />}
        {rows.length === 0 ? (
          <p className="bg-sunk px-gutter py-6 text-table text-ink-3">
            {kept.rows.length > 0
              ? t('emptyFiltered')
              : isLive
                ? t(hasStarted ? 'waiting' : 'notStarted')
                : t('empty')}
          </p>
        ) : (
          <LogPane
            items={items}
            isWrapped={isWrapped}
            showsTimes={showsTimes}
            searched={search.searched}
            currentHit={search.currentLine}
            linkedLine={linkedLine}
            onLink={link}
            onUnfold={(line) => setOpened((before) => new Set(before).add(line))}
            label={t('title')}
            jump={jump}
            isFollowing={isFollowing}
            onFollowingChange={(isAtEnd) =>
              setFollowing((before) =>
                followsAfterScroll(before, { isAtEnd, hasLater: kept.hasLater }),
              )
            }
            onNearStart={() => void (kept.hasEarlier && log.loadEarlier())}
            onNearEnd={() => void (kept.hasLater && log.loadLater())}
          />
        )}
      </div>
    </section>
  );
}

function LogProblem({ problem, isLive }: { problem: Error; isLive: boolean }) {
  const t = useTranslations('log');
  // What the server said is told as it is; a request that never came back is made again by itself.
  const isRefused = problem instanceof HttpProblem && problem.refusal !== null;
  return (
    <p
      role="status"
      className={cn('px-gutter py-2 text-table', isRefused ? 'bg-fail-tint' : 'bg-time-tint')}
    >
      {isRefused ? problem.message : t(isLive ? 'reconnecting' : 'problem')}
    </p>
  );
}

function LogSize({ lines, bytes }: { lines: number; bytes: number }) {
  const t = useTranslations('log');
  const format = useFormatter();
  const [unit, amount] =
    bytes < 1_000
      ? (['byte', bytes] as const)
      : bytes < 1_000_000
        ? (['kilobyte', bytes / 1_000] as const)
        : (['megabyte', bytes / 1_000_000] as const);
  return (
    <>
      {t('size', { lines })}
      {bytes > 0 &&
        `, ${format.number(amount, {
          style: 'unit',
          unit,
          // Short, English leaves "123 byte" in the singular.
          unitDisplay: unit === 'byte' ? 'long' : 'short',
          maximumFractionDigits: unit !== 'byte' && amount < 10 ? 1 : 0,
        })}`}
    </>
  );
}

/** `#L188` sends the reader to line 188, when the page opens and when the address changes. */
function useLineInAddress(onLine: (line: number) => void): void {
  const go = useEffectEvent(() => {
    const line = /^#L(\d{1,9})$/.exec(window.location.hash)?.[1];
    if (line) onLine(Number(line));
  });
  useEffect(() => {
    go();
    const listener = () => go();
    window.addEventListener('hashchange', listener);
    return () => window.removeEventListener('hashchange', listener);
  }, []);
}
