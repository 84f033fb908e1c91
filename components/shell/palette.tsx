'use client';

import { Command } from 'cmdk';
import { Keyboard, Monitor, Moon, Search, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { useFocusReturn } from '#components/ui/use-focus-return.ts';
import { useCommands } from './commands.ts';
import { PaletteGroup, PaletteItem } from './palette-item.tsx';
import { PaletteJobs } from './palette-jobs.tsx';
import { consolePages } from './pages.ts';

/** Everything that can be done or gone to from here, found by typing. */
export function Palette({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const t = useTranslations('shell');
  const focus = useFocusReturn({});
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          {...focus}
          className="fixed top-[14vh] left-1/2 z-50 w-[40rem] max-w-[calc(100vw-1rem)] -translate-x-1/2 animate-rise overflow-hidden rounded-box border border-line-strong bg-float text-ink shadow-float outline-none phone:top-2"
        >
          <Radix.Title className="sr-only">{t('palette')}</Radix.Title>
          <PaletteList close={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteList({ close }: { close: () => void }) {
  const t = useTranslations('shell');
  const router = useRouter();
  const { setTheme } = useTheme();
  const { store, openKeys } = useCommands();
  const [typed, setTyped] = useState('');
  const actions = useSyncExternalStore(store.subscribe, store.shownActions, store.shownActions);
  const go = (href: string) => {
    close();
    router.push(href);
  };
  const theme = (name: string, word: string, icon: ReactNode) => (
    <PaletteItem
      value={`theme ${name}`}
      keywords={[t('theme')]}
      icon={icon}
      onSelect={() => {
        setTheme(name);
        close();
      }}
    >
      {t('theme')}: {word}
    </PaletteItem>
  );
  return (
    <Command loop label={t('palette')}>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
        <Command.Input
          value={typed}
          onValueChange={setTyped}
          placeholder={t('palettePlaceholder')}
          className="h-12 w-full bg-transparent text-body outline-none phone:text-[1rem]"
        />
      </div>
      <Command.List className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2">
        <Command.Empty className="px-2 py-6 text-center text-table text-ink-3">
          {t('paletteEmpty')}
        </Command.Empty>
        {/* Who types mostly looks for a job. */}
        {typed.trim() !== '' && <PaletteJobs typed={typed} go={go} close={close} />}
        {actions.length > 0 && (
          <PaletteGroup heading={t('paletteActions')}>
            {actions.map((action) => (
              <PaletteItem
                key={action.id}
                value={`action ${action.id}`}
                keywords={[action.label]}
                icon={action.icon}
                keys={action.keys}
                hint={action.hint}
                isDisabled={action.isDisabled}
                onSelect={() => {
                  close();
                  // The newest closure: the one that the palette was drawn with may be older than the data.
                  store
                    .actions()
                    .find(({ id }) => id === action.id)
                    ?.run();
                }}
              >
                {action.label}
              </PaletteItem>
            ))}
          </PaletteGroup>
        )}
        {typed.trim() === '' && <PaletteJobs typed="" go={go} close={close} />}
        <PaletteGroup heading={t('paletteGoTo')}>
          {consolePages.map((page) => (
            <PaletteItem
              key={page.name}
              value={`page ${page.name}`}
              keywords={[t(page.name)]}
              icon={<page.icon aria-hidden />}
              keys={`g ${page.key}`}
              onSelect={() => go(page.href)}
            >
              {t(page.name)}
            </PaletteItem>
          ))}
        </PaletteGroup>
        <PaletteGroup heading={t('paletteSettings')}>
          {theme('light', t('themeLight'), <Sun aria-hidden />)}
          {theme('dark', t('themeDark'), <Moon aria-hidden />)}
          {theme('system', t('themeSystem'), <Monitor aria-hidden />)}
          <PaletteItem
            value="keys"
            keywords={[t('keys')]}
            icon={<Keyboard aria-hidden />}
            keys="?"
            onSelect={openKeys}
          >
            {t('showKeys')}
          </PaletteItem>
        </PaletteGroup>
      </Command.List>
    </Command>
  );
}
