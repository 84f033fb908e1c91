'use client';

import type { ReactNode } from 'react';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Button } from '#components/ui/button.tsx';
import { CheckboxLine } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';

export type InstantToPick = {
  /** ISO 8601. */
  at: string;
  /** What became of it. */
  said?: ReactNode;
};

/** Instants to tick in a box that scrolls, `most` of them; older ones come when they are asked for. */
export function PickInstants({
  label,
  instants,
  picked,
  most,
  onPick,
  more,
  children,
  className,
}: {
  label: string;
  instants: readonly InstantToPick[];
  picked: readonly string[];
  most: number;
  onPick: (picked: string[]) => void;
  /** The button that asks for older ones; null: there are none. */
  more: { label: string; isFetching: boolean; ask: () => void } | null;
  /** What is said where there are none. */
  children?: ReactNode;
  className?: string;
}) {
  const words = useInstantWords(instants);
  const isFull = picked.length >= most;
  return (
    <div
      role="group"
      aria-label={label}
      className={cn(
        'overflow-y-auto rounded-box border border-line-strong px-3 py-1 tabular-nums',
        className,
      )}
    >
      {instants.map(({ at, said }) => (
        <CheckboxLine
          key={at}
          label={
            said === undefined ? (
              words(at)
            ) : (
              <span className="flex justify-between gap-3">
                {words(at)}
                <span className="text-ink-2">{said}</span>
              </span>
            )
          }
          checked={picked.includes(at)}
          disabled={isFull && !picked.includes(at)}
          onCheckedChange={(isPicked) =>
            onPick(isPicked ? [...picked, at] : picked.filter((other) => other !== at))
          }
          className="phone:py-2"
        />
      ))}
      {children}
      {more && (
        <Button size="small" variant="plain" pending={more.isFetching} onClick={more.ask}>
          {more.label}
        </Button>
      )}
    </div>
  );
}

/** To the second only where instants need it to be told apart. */
function useInstantWords(instants: readonly InstantToPick[]): (at: string) => string {
  const time = useTimeWords();
  const clock = useClock();
  const haveSeconds = instants.some(({ at }) => Date.parse(at) % 60_000 !== 0);
  return (at) => {
    const words = (form?: 'day' | 'seconds') => time.absolute(Date.parse(at), clock.atFirst, form);
    return haveSeconds ? `${words('day')}, ${words('seconds')}` : words();
  };
}
