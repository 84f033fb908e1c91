import type { Metadata } from 'next';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { Button } from '#components/ui/button.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('errors');
  return { title: t('notFoundTitle') };
}

export default async function NotFound() {
  const t = await getTranslations('errors');
  return (
    <main id="main" className="px-gutter py-5">
      <h1 className="text-title">{t('notFoundTitle')}</h1>
      <p className="mt-1 max-w-[60ch] text-body text-pretty text-ink-2">{t('notFoundMeaning')}</p>
      <div className="mt-5 flex gap-2">
        <Button asChild>
          <Link href="/jobs">{t('toJobs')}</Link>
        </Button>
        <Button asChild>
          <Link href="/runs">{t('toRuns')}</Link>
        </Button>
      </div>
    </main>
  );
}
