import { useTranslations } from 'next-intl';
import { PageHead } from '#components/shell/page-head.tsx';
import { TabLinks } from '#components/ui/tab-links.tsx';

/** What stands above every part of the settings. */
export function SettingsFrame({ children }: { children: React.ReactNode }) {
  const t = useTranslations('settings');
  return (
    <>
      <PageHead title={t('title')} />
      <TabLinks
        label={t('parts')}
        tabs={[
          { href: '/settings', label: t('account') },
          { href: '/settings/people', label: t('people') },
          { href: '/settings/secrets', label: t('secrets') },
          { href: '/settings/channels', label: t('channels') },
          { href: '/settings/installation', label: t('installation') },
          { href: '/settings/audit', label: t('audit') },
        ]}
        className="mt-2"
      />
      <div className="max-w-[68rem]">{children}</div>
    </>
  );
}
