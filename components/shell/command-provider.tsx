'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useEffectEvent, useMemo, useState, type ReactNode } from 'react';
import { notify } from '#components/ui/toast.tsx';
import { createCommandStore } from './command-store.ts';
import { CommandsContext, type Commands, type AskWhy, type SearchJobs } from './commands.ts';
import { createKeyReader, pressOf, type KeyBinding } from './key-presses.ts';
import { consolePages } from './pages.ts';

// The palette and the list of keys come with the first use, not with the page.
const Palette = dynamic(() => import('./palette.tsx').then((file) => file.Palette), { ssr: false });
const KeysDialog = dynamic(() => import('./keys-dialog.tsx').then((file) => file.KeysDialog), {
  ssr: false,
});

type Layer = 'palette' | 'keys';

/** Holds what can be done on the page that is open, and reads the keys for it. */
export function CommandProvider({
  searchJobs,
  askWhy,
  children,
}: {
  searchJobs: SearchJobs | undefined;
  askWhy: AskWhy | undefined;
  children: ReactNode;
}) {
  const [store] = useState(createCommandStore);
  const [open, setOpen] = useState<Layer | null>(null);
  const [wasOpened, setWasOpened] = useState<ReadonlySet<Layer>>(() => new Set());
  const show = useCallback((layer: Layer) => {
    setOpen(layer);
    setWasOpened((before) => (before.has(layer) ? before : new Set([...before, layer])));
  }, []);
  const commands = useMemo<Commands>(
    () => ({
      store,
      searchJobs,
      askWhy,
      openPalette: () => show('palette'),
      openKeys: () => show('keys'),
    }),
    [store, searchJobs, askWhy, show],
  );
  useShellKeys(commands);
  const onOpenChange = (isOpen: boolean) => {
    if (!isOpen) setOpen(null);
  };
  return (
    <CommandsContext value={commands}>
      {children}
      {wasOpened.has('palette') && (
        <Palette isOpen={open === 'palette'} onOpenChange={onOpenChange} />
      )}
      {wasOpened.has('keys') && <KeysDialog isOpen={open === 'keys'} onOpenChange={onOpenChange} />}
    </CommandsContext>
  );
}

function useShellKeys(commands: Commands): void {
  const router = useRouter();
  const bindings = useEffectEvent((): readonly KeyBinding[] => {
    const ofShell: KeyBinding[] = [
      { keys: '/', run: focusPageSearch },
      { keys: '?', run: commands.openKeys },
      ...consolePages.map((page) => ({
        keys: `g ${page.key}`,
        run: () => router.push(page.href),
      })),
    ];
    const ofPage = commands.store.actions().flatMap(({ keys, isDisabled, hint, run }) => {
      if (!keys) return [];
      if (!isDisabled) return [{ keys, run }];
      // What can't be done says why, instead of seeming not to hear.
      return hint ? [{ keys, run: () => notify(hint) }] : [];
    });
    return [...ofShell, ...ofPage, ...commands.store.rowBindings()];
  });
  const openPalette = useEffectEvent(() => commands.openPalette());
  useEffect(() => {
    const reader = createKeyReader(() => bindings());
    const onKeyDown = (event: KeyboardEvent) => {
      if (isPaletteKey(event)) {
        event.preventDefault();
        openPalette();
        return;
      }
      const press = pressOf(event);
      if (!press) {
        reader.forget();
        return;
      }
      const binding = reader.read(press);
      if (!binding) return;
      event.preventDefault();
      binding.run();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

// The one key that works while one types as well: it can't be part of a text.
function isPaletteKey(event: KeyboardEvent): boolean {
  const isHeld = (event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey;
  return isHeld && event.key.toLowerCase() === 'k';
}

function focusPageSearch(): void {
  const search = document.querySelector<HTMLInputElement>('[data-page-search]');
  search?.focus();
  search?.select();
}
