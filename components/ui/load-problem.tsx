import { useTranslations } from 'next-intl';
import { Button } from './button.tsx';
import { ProblemState, type ProblemStateProps } from './problem-state.tsx';

/** What could not be loaded, with the button that asks for it again. */
export function LoadProblem({
  onRetry,
  ...problem
}: Pick<ProblemStateProps, 'heading' | 'title' | 'meaning'> & { onRetry: () => void }) {
  const t = useTranslations('common');
  return <ProblemState {...problem} actions={<Button onClick={onRetry}>{t('retry')}</Button>} />;
}
