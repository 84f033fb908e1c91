import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { NotFoundState } from './not-found-state.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('errors');
  return { title: t('notFoundTitle') };
}

export default function NotFound() {
  return (
    <main id="main" className="px-gutter py-5">
      <NotFoundState />
    </main>
  );
}
