import { isTrailer } from '#core/logs/complaint.ts';
import { isComplaint, type LogItem } from './log-items.ts';
import { AttemptMark, FoldRow, LogRow } from './log-row.tsx';

export const paneLook =
  'min-h-0 [scroll-margin-block:3.5rem] bg-sunk py-2 font-mono text-log focus-visible:-outline-offset-2';

export type LogEntryProps = {
  items: readonly LogItem[];
  isWrapped: boolean;
  showsTimes: boolean;
  searched: string;
  currentHit: number | null;
  linkedLine: number | null;
  onLink: (line: number) => void;
  onUnfold: (fromLine: number) => void;
};

/** One of the lines, folds and marks of a log. */
export function LogEntry({
  item,
  index,
  digits,
  times,
  ...props
}: LogEntryProps & {
  item: LogItem;
  index: number;
  digits: number;
  times: (atMs: number) => string;
}) {
  const hasTimes = props.showsTimes;
  if (item.kind === 'attempt') {
    return <AttemptMark attempt={item.attempt} digits={digits} hasTimes={hasTimes} />;
  }
  const isTinted = isComplaint(props.items, index);
  if (item.kind === 'fold') {
    return (
      <FoldRow
        frames={item.frames}
        digits={digits}
        hasTimes={hasTimes}
        isComplaint={isTinted}
        onUnfold={() => props.onUnfold(item.fromLine)}
      />
    );
  }
  const { row } = item;
  return (
    <LogRow
      row={row}
      digits={digits}
      // A frame came with the line above it: its time says nothing.
      time={hasTimes ? (isTrailer(row.text) ? '' : times(row.atMs)) : null}
      isWrapped={props.isWrapped}
      searched={props.searched}
      isComplaint={isTinted}
      isCurrentHit={props.currentHit === row.line}
      isLinked={props.linkedLine === row.line}
      onLink={props.onLink}
    />
  );
}
