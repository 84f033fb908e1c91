'use client';

import {
  ArrowDownToLine,
  ChevronDown,
  ChevronsDown,
  ChevronUp,
  Clock,
  Download,
  Maximize2,
  Minimize2,
  OctagonAlert,
  WrapText,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { SearchInput } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { notifyFailure } from '#components/ui/toast.tsx';
import { downloadAddress } from './log-queries.ts';
import type { LogSearch } from './use-log-search.ts';

export type StreamChoice = 'both' | 'stdout' | 'stderr';

export type LogToolbarProps = {
  runId: number;
  size: React.ReactNode;
  attempts: readonly number[];
  attempt: number | null;
  onAttempt: (attempt: number | null) => void;
  stream: StreamChoice;
  onStream: (stream: StreamChoice) => void;
  search: LogSearch;
  isWrapped: boolean;
  onWrapped: (isWrapped: boolean) => void;
  showsTimes: boolean;
  onTimes: (showsTimes: boolean) => void;
  isLive: boolean;
  isFollowing: boolean;
  onFollow: () => void;
  onFirstError: () => void;
  isFilling: boolean;
  onFilling: (isFilling: boolean) => void;
};

export function LogToolbar(props: LogToolbarProps) {
  const t = useTranslations('log');
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-gutter py-2.5">
      <h2 className="text-head">{t('title')}</h2>
      <Search search={props.search} />
      {props.attempts.length > 1 && <AttemptChoice {...props} />}
      <Segmented
        label={t('streams')}
        className="phone:order-3"
        value={props.stream}
        onValueChange={props.onStream}
        options={[
          { value: 'both', label: t('both') },
          { value: 'stdout', label: 'stdout' },
          { value: 'stderr', label: 'stderr' },
        ]}
      />
      <div className="ml-auto flex flex-wrap items-center gap-1 phone:order-1 phone:-mr-2 phone:gap-0">
        <span className="mr-2 text-meta text-ink-3 phone:hidden">{props.size}</span>
        {props.isLive ? (
          <Button
            size="small"
            variant="ghost"
            aria-pressed={props.isFollowing}
            icon={<ArrowDownToLine aria-hidden />}
            onClick={props.onFollow}
          >
            {props.isFollowing ? t('following') : t('follow')}
          </Button>
        ) : (
          <IconButton size="small" label={t('toEnd')} onClick={props.onFollow}>
            <ChevronsDown aria-hidden />
          </IconButton>
        )}
        <IconButton size="small" label={t('firstError')} onClick={props.onFirstError}>
          <OctagonAlert aria-hidden />
        </IconButton>
        <IconButton
          size="small"
          label={t('times')}
          aria-pressed={props.showsTimes}
          className="aria-pressed:bg-press phone:hidden"
          onClick={() => props.onTimes(!props.showsTimes)}
        >
          <Clock aria-hidden />
        </IconButton>
        <IconButton
          size="small"
          label={t('wrap')}
          aria-pressed={props.isWrapped}
          className="aria-pressed:bg-press"
          onClick={() => props.onWrapped(!props.isWrapped)}
        >
          <WrapText aria-hidden />
        </IconButton>
        <CopyButton label={t('copy')} text={() => wholeLog(props.runId, t('copyFailed'))} />
        <IconButton
          size="small"
          label={t('download')}
          onClick={() => window.location.assign(downloadAddress(props.runId))}
        >
          <Download aria-hidden />
        </IconButton>
        <IconButton
          size="small"
          label={t(props.isFilling ? 'unfill' : 'fill')}
          onClick={() => props.onFilling(!props.isFilling)}
        >
          {props.isFilling ? <Minimize2 aria-hidden /> : <Maximize2 aria-hidden />}
        </IconButton>
      </div>
    </div>
  );
}

function Search({ search }: { search: LogSearch }) {
  const t = useTranslations('log');
  return (
    <div className="flex items-center phone:order-2 phone:w-full">
      <SearchInput
        label={t('search')}
        pageSearch={search.typed === ''}
        value={search.typed}
        className="phone:w-auto phone:flex-1"
        onChange={(event) => search.setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search.move(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') search.setTyped('');
        }}
      />
      {search.searched !== '' && (
        <>
          <span className="ml-2 text-meta whitespace-nowrap text-ink-3" role="status">
            {search.count === 0
              ? search.isSearching
                ? '…'
                : t('noHits')
              : t('hits', { at: search.at + 1, count: search.count })}
          </span>
          <IconButton size="small" label={t('previousHit')} onClick={() => search.move(-1)}>
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton size="small" label={t('nextHit')} onClick={() => search.move(1)}>
            <ChevronDown aria-hidden />
          </IconButton>
        </>
      )}
    </div>
  );
}

function AttemptChoice({
  attempts,
  attempt,
  onAttempt,
}: Pick<LogToolbarProps, 'attempts' | 'attempt' | 'onAttempt'>) {
  const t = useTranslations('log');
  return (
    <Segmented
      label={t('attempts')}
      className="phone:order-3"
      value={attempt === null ? 'all' : String(attempt)}
      onValueChange={(value) => onAttempt(value === 'all' ? null : Number(value))}
      options={[
        { value: 'all', label: t('allAttempts') },
        ...attempts.map((number) => ({ value: String(number), label: number })),
      ]}
    />
  );
}

async function wholeLog(runId: number, failure: string): Promise<string | null> {
  const response = await fetch(`${downloadAddress(runId)}?times=0`).catch(() => null);
  if (response?.ok) return response.text();
  notifyFailure(failure);
  return null;
}
