'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { notify } from '#components/ui/toast.tsx';
import type { LogPage } from '#core/logs/logs.ts';
import { type Jump, LogLines } from './log-lines.tsx';
import { fetchFirstError } from './log-queries.ts';
import { LogToolbar, type StreamChoice } from './log-toolbar.tsx';
import { rowOfLine } from './log-window.ts';
import { useLog } from './use-log.ts';
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
  const log = useLog(runId, initialPage);
  const { window: kept } = log;
  const [jump, setJump] = useState<Jump | null>(null);
  const [linkedLine, setLinkedLine] = useState<number | null>(null);
  // A finished log opens at its end, too: that is where it says how it went.
  const [isFollowing, setFollowing] = useState(true);
  const [isWrapped, setWrapped] = useState(true);
  const [showsTimes, setTimes] = useState(true);
  const [attempt, setAttempt] = useState<number | null>(null);
  const [stream, setStream] = useState<StreamChoice>('both');

  const goToLine = async (line: number) => {
    setFollowing(false);
    const isThere = rowOfLine(kept, line) !== null || (await log.goTo({ from: 'line', line }));
    if (isThere) setJump((last) => ({ line, wish: (last?.wish ?? 0) + 1 }));
    else notify(t('lineGone', { line }));
  };
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

  const follow = async () => {
    if (kept.hasLater) await log.goTo({ from: 'tail' });
    setFollowing(true);
  };
  const goToFirstError = async () => {
    const line = await fetchFirstError(runId);
    if (line === null) notify(t('noError'));
    else await goToLine(line);
  };
  const link = (line: number) => {
    history.replaceState(null, '', `#L${line}`);
    setLinkedLine(line);
  };

  return (
    <section aria-label={t('title')} className="-mx-gutter mt-6 border-y border-line">
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
      />
      <div className="border-t border-line">
        {log.problem && (
          <p role="alert" className="bg-fail-tint px-gutter py-2 text-table">
            {t('problem')}
          </p>
        )}
        {rows.length === 0 ? (
          <p className="bg-sunk px-gutter py-6 text-table text-ink-3">
            {kept.rows.length > 0
              ? t('emptyFiltered')
              : isLive
                ? t(hasStarted ? 'waiting' : 'notStarted')
                : t('empty')}
          </p>
        ) : (
          <LogLines
            rows={rows}
            label={t('title')}
            isWrapped={isWrapped}
            showsTimes={showsTimes}
            searched={search.searched}
            currentHit={search.currentLine}
            linkedLine={linkedLine}
            jump={jump}
            isFollowing={isFollowing}
            onFollowingChange={setFollowing}
            onLink={link}
            onNearStart={() => void (kept.hasEarlier && log.loadEarlier())}
            onNearEnd={() => void (kept.hasLater && log.loadLater())}
          />
        )}
      </div>
    </section>
  );
}

function LogSize({ lines, bytes }: { lines: number; bytes: number }) {
  const t = useTranslations('log');
  const format = useFormatter();
  const kilobytes = bytes / 1_000;
  return (
    <>
      {t('size', { lines })}
      {bytes > 0 &&
        `, ${format.number(kilobytes < 1_000 ? kilobytes : kilobytes / 1_000, {
          style: 'unit',
          unit: kilobytes < 1_000 ? 'kilobyte' : 'megabyte',
          unitDisplay: 'short',
          maximumFractionDigits: kilobytes < 10 ? 1 : 0,
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
