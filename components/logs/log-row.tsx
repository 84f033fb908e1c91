import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { cn } from '#components/ui/cn.ts';
import type { LogLine } from '#core/logs/lines.ts';
import { spansOf } from './ansi.ts';
import { markHits, type MarkedSpan } from './hits.ts';

export type LogRowProps = {
  row: LogLine;
  /** The number's column, in characters. */
  digits: number;
  /** Time of arrival in the reader's zone; null: times are off. */
  time: string | null;
  isWrapped: boolean;
  searched: string;
  /** It reads like an error, or follows a line that does. */
  isComplaint: boolean;
  /** The search stands at this line. */
  isCurrentHit: boolean;
  /** The address names this line. */
  isLinked: boolean;
  onLink: (line: number) => void;
};

/** One line: number, time, text. Text is text: colour codes become looks, addresses become links, nothing else does. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { row, digits, time, isWrapped, searched, isComplaint, isCurrentHit, isLinked, onLink } =
    props;
  const isNote = row.stream === 'note';
  return (
    <div
      data-line={row.line}
      data-stream={row.stream}
      className={cn(
        rowLook,
        isWrapped ? 'w-full' : 'w-max',
        row.stream === 'stderr' && 'border-line-axis',
        isComplaint && 'border-fail-fill bg-fail-tint',
        isLinked && 'border-accent bg-accent-tint',
      )}
    >
      <a
        href={`#L${row.line}`}
        // Ten thousand lines aren't ten thousand stops of the Tab key.
        tabIndex={-1}
        onClick={(event) => {
          event.preventDefault();
          onLink(row.line);
        }}
        className="shrink-0 text-right text-ink-3 select-none hover:text-accent"
        style={{ width: `${digits}ch` }}
      >
        {row.continues ? '…' : row.line}
      </a>
      {time !== null && <span className={timeLook}>{time}</span>}
      <span
        className={cn(
          'min-w-0',
          isWrapped ? 'break-words whitespace-pre-wrap' : 'whitespace-pre',
          isNote ? 'text-ink-3' : 'text-ink',
          row.stream === 'stderr' && !isComplaint && 'text-ink-2',
        )}
      >
        {markHits(withLevel(spansOf(row.text), isNote), searched).map((span, index) => (
          <Span key={index} span={span} isCurrentHit={isCurrentHit} />
        ))}
        {row.text === '' && ' '}
      </span>
    </div>
  );
});

const rowLook =
  'flex min-w-full items-start gap-4 border-l-2 border-transparent pr-gutter pl-[calc(var(--gutter)-2px)] phone:gap-3';
const timeLook = 'w-[12ch] shrink-0 text-ink-3 select-none phone:hidden';

/** Frames of libraries that are folded away. */
export function FoldRow({
  frames,
  digits,
  hasTimes,
  isComplaint,
  onUnfold,
}: {
  frames: number;
  digits: number;
  hasTimes: boolean;
  isComplaint: boolean;
  onUnfold: () => void;
}) {
  const t = useTranslations('log');
  return (
    <div className={cn(rowLook, isComplaint && 'border-fail-fill bg-fail-tint')}>
      <span aria-hidden className="shrink-0 text-right text-ink-3" style={{ width: `${digits}ch` }}>
        …
      </span>
      {hasTimes && <span className={timeLook} />}
      <button
        type="button"
        onClick={onUnfold}
        className="inline-flex items-center gap-1 font-sans text-meta leading-5 text-accent hover:underline"
      >
        <ChevronRight aria-hidden className="size-3.5" />
        {t('frames', { count: frames })}
      </button>
    </div>
  );
}

/** Where another attempt begins. */
export function AttemptMark({
  attempt,
  digits,
  hasTimes,
}: {
  attempt: number;
  digits: number;
  hasTimes: boolean;
}) {
  const t = useTranslations('log');
  return (
    <div className={cn(rowLook, 'items-center pt-2')}>
      <span className="shrink-0" style={{ width: `${digits}ch` }} />
      {hasTimes && <span className={timeLook} />}
      <span className="flex flex-1 items-center gap-3 font-sans text-meta leading-5 text-ink-3 after:flex-1 after:border-t after:border-line">
        {t('attempt', { number: attempt })}
      </span>
    </div>
  );
}

function Span({ span, isCurrentHit }: { span: MarkedSpan; isCurrentHit: boolean }) {
  const { text, href, isHit, color, background } = span;
  const look = {
    ...(color !== undefined && { color }),
    ...(background !== undefined && { background }),
  };
  const className = cn(
    span.isBold && 'font-semibold',
    span.isDim && 'opacity-70',
    span.isItalic && 'italic',
    span.isUnderlined && 'underline',
    href && 'underline decoration-line-axis underline-offset-2 hover:decoration-current',
    isHit && (isCurrentHit ? 'rounded-[2px] bg-hit-now' : 'rounded-[2px] bg-hit'),
  );
  if (href) {
    return (
      <a href={href} target="_blank" rel="noopener noreferrer" className={className} style={look}>
        {text}
      </a>
    );
  }
  if (isHit) {
    return (
      <mark className={cn('text-inherit', className)} style={look}>
        {text}
      </mark>
    );
  }
  if (className === '' && Object.keys(look).length === 0) return text;
  return (
    <span className={className} style={look}>
      {text}
    </span>
  );
}

const LEVEL = /^(\[?)(error|fatal|panic|warn|warning|info|debug|trace)(?=[\]:\s]|$)/i;
const LEVEL_LOOK: Readonly<Record<string, Omit<MarkedSpan, 'text'>>> = {
  error: { color: 'var(--fail-ink)', isBold: true },
  fatal: { color: 'var(--fail-ink)', isBold: true },
  panic: { color: 'var(--fail-ink)', isBold: true },
  warn: { color: 'var(--time-ink)', isBold: true },
  warning: { color: 'var(--time-ink)', isBold: true },
  info: { color: 'var(--ink-3)' },
  debug: { color: 'var(--ink-3)' },
  trace: { color: 'var(--ink-3)' },
};

/** Gives the word with which many logs begin a line the colour of its weight, where the line brings none itself. */
function withLevel(spans: MarkedSpan[], isNote: boolean): MarkedSpan[] {
  const [first, ...rest] = spans;
  if (isNote || !first || rest.some((span) => span.color) || first.color) return spans;
  const level = LEVEL.exec(first.text);
  if (!level) return spans;
  const word = level[0];
  const after = first.text.slice(word.length);
  return [
    { ...first, text: word, ...LEVEL_LOOK[level[2]!.toLowerCase()] },
    ...(after === '' ? [] : [{ ...first, text: after }]),
    ...rest,
  ];
}
