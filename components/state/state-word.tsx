import { useTranslations } from 'next-intl';
import { cn } from '#components/ui/cn.ts';
import { StateGlyph } from './state-glyph.tsx';
import { inkOf, toneOf, type ShownState } from './state.ts';

/** Shape, colour and word of a state. The word of what went well is ink: success is quiet. */
export function StateWord({
  state,
  word,
  className,
}: {
  state: ShownState;
  /** In place of the state's own word: "attempt 1", "failing for 2 h". */
  word?: React.ReactNode;
  className?: string | undefined;
}) {
  const t = useTranslations('states');
  const tone = toneOf[state];
  return (
    <span
      className={cn(
        'inline-flex items-center gap-2 whitespace-nowrap',
        tone === 'ok' ? 'text-ink' : tone === 'idle' ? 'text-ink-2' : inkOf[tone],
        className,
      )}
    >
      <StateGlyph state={state} />
      <span>{word ?? t(state)}</span>
    </span>
  );
}
