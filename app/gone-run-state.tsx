/* oxlint-disable next/no-html-link-for-pages -- next/link would come a second time, in a chunk that every page loads */
import { getTranslations } from 'next-intl/server';
import { Button } from '#components/ui/button.tsx';

/** In place of a run whose month went. */
export async function GoneRunState({ words }: { words: string }) {
  const t = await getTranslations('errors');
  return (
    <>
      <h1 className="text-title">{t('goneRunTitle')}</h1>
      <p className="mt-1 max-w-[60ch] text-body text-pretty text-ink-2">{words}</p>
      <div className="mt-5 flex gap-2">
        <Button asChild>
          <a href="/runs">{t('toRuns')}</a>
        </Button>
      </div>
    </>
  );
}
