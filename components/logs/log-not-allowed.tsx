import { useTranslations } from 'next-intl';
import { NotAllowedState } from '#components/shell/not-allowed-state.tsx';

/** In place of a log that one may not read. */
export function LogNotAllowed() {
  const t = useTranslations('log');
  return (
    <section
      aria-label={t('title')}
      className="col-span-full -mx-gutter border-y border-line px-gutter pb-6"
    >
      <NotAllowedState permission="log:read" title={t('notAllowed')} />
    </section>
  );
}
