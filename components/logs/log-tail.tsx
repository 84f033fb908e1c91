import { cn } from '#components/ui/cn.ts';
import { LogEntry, type LogEntryProps, paneLook } from './log-entry.tsx';
import { digitsOf } from './log-items.ts';
import { useLogTimes } from './use-log-times.ts';

// More than the pane of a tall screen holds.
const TAIL = 80;

/** The end of a log as the server sends it, until what scrolls through all of it has loaded. */
export function LogTail(props: LogEntryProps) {
  const times = useLogTimes();
  const first = Math.max(0, props.items.length - TAIL);
  const digits = digitsOf(props.items);
  return (
    <div className={cn(paneLook, 'flex flex-col justify-end overflow-hidden')}>
      {props.items.slice(first).map((item, at) => (
        <div key={item.key} className="shrink-0">
          <LogEntry {...props} item={item} index={first + at} digits={digits} times={times} />
        </div>
      ))}
    </div>
  );
}
