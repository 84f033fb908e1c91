import { useTranslations } from 'next-intl';
import { NotAllowedState, type PageRight } from './not-allowed-state.tsx';
import { PageHead } from './page-head.tsx';
import type { PageName } from './pages.ts';

/** In place of a whole page of the rail that one's roles don't include. */
export function NotAllowedPage({ page, permission }: { page: PageName; permission: PageRight }) {
  const t = useTranslations('shell');
  return (
    <>
      <PageHead title={t(page)} />
      <NotAllowedState permission={permission} />
    </>
  );
}
