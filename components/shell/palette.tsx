'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { Keyboard, Monitor, Moon, Search, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { useDeferredValue, useState, useSyncExternalStore, type ReactNode } from 'react';
import { StateGlyph } from '#components/state/state-glyph.tsx';
import { cn } from '#components/ui/cn.ts';
import { itemLook } from '#components/ui/float-look.ts';
import { Kbd } from '#components/ui/kbd.tsx';
import { useFocusReturn } from '#components/ui/use-focus-return.ts';
import { useCommands } from './commands.ts';
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
    <Item
      value={`theme ${name}`}
      keywords={[t('theme')]}
      icon={icon}
      onSelect={() => {
        setTheme(name);
        close();
      }}
    >
      {t('theme')}: {word}
    </Item>
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
        {actions.length > 0 && (
          <Group heading={t('paletteActions')}>
            {actions.map((action) => (
              <Item
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
              </Item>
            ))}
          </Group>
        )}
        <PaletteJobs typed={typed} go={go} />
        <Group heading={t('paletteGoTo')}>
          {consolePages.map((page) => (
            <Item
              key={page.name}
              value={`page ${page.name}`}
              keywords={[t(page.name)]}
              icon={<page.icon aria-hidden />}
              keys={`g ${page.key}`}
              onSelect={() => go(page.href)}
            >
              {t(page.name)}
            </Item>
          ))}
        </Group>
        <Group heading={t('paletteSettings')}>
          {theme('light', t('themeLight'), <Sun aria-hidden />)}
          {theme('dark', t('themeDark'), <Moon aria-hidden />)}
          {theme('system', t('themeSystem'), <Monitor aria-hidden />)}
          <Item
            value="keys"
            keywords={[t('keys')]}
            icon={<Keyboard aria-hidden />}
            keys="?"
            onSelect={openKeys}
          >
            {t('showKeys')}
          </Item>
        </Group>
      </Command.List>
    </Command>
  );
}

function PaletteJobs({ typed, go }: { typed: string; go: (href: string) => void }) {
  const t = useTranslations('shell');
  const { searchJobs } = useCommands();
  const wanted = useDeferredValue(typed.trim());
  const { data, isError, isPending } = useQuery({
    queryKey: ['job', 'palette', wanted],
    queryFn: ({ signal }) => searchJobs?.(wanted, signal) ?? [],
    enabled: searchJobs !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  if (!searchJobs) return null;
  if (isError || isPending) {
    return (
      <p role="status" className="px-2 py-2 text-table text-ink-3">
        {t(isError ? 'paletteJobsFailed' : 'paletteSearching')}
      </p>
    );
  }
  if (data.length === 0) return null;
  return (
    <Group heading={t('paletteJobs')}>
      {data.map((job) => (
        <Item
          key={job.key}
          value={`job ${job.key}`}
          // The server found it by what was typed, perhaps in its name or labels: the list must not drop it.
          keywords={[job.key, wanted]}
          icon={job.state && <StateGlyph state={job.state} />}
          hint={job.hint}
          onSelect={() => go(`/jobs/${job.key}`)}
        >
          <span className="font-mono">{job.key}</span>
        </Item>
      ))}
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  value,
  keywords,
  icon,
  keys,
  hint,
  isDisabled = false,
  onSelect,
  children,
}: {
  value: string;
  keywords: string[];
  icon: ReactNode;
  keys?: string | undefined;
  hint?: string | undefined;
  isDisabled?: boolean | undefined;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      keywords={keywords}
      disabled={isDisabled}
      onSelect={onSelect}
      className={cn(itemLook, 'h-9 [&>svg]:text-ink-3')}
    >
      {icon ?? <span className="size-3.5" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {hint && <span className="max-w-60 truncate text-meta text-ink-3">{hint}</span>}
      {keys && (
        <span className="flex gap-1 phone:hidden">
          {keys.split(' ').map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}
