'use client';

import { useTranslations } from 'next-intl';
import { useSyncExternalStore, type ReactNode } from 'react';
import { Dialog, DialogBody, DialogContent } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { useCommands } from './commands.ts';
import { usePaletteKeys } from './palette-button.tsx';
import { consolePages } from './pages.ts';

/** The keys that work here. */
export function KeysDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const t = useTranslations('shell');
  const { store } = useCommands();
  const actions = useSyncExternalStore(store.subscribe, store.shownActions, store.shownActions);
  const ofPage = actions.filter((action) => action.keys !== undefined);
  const paletteKeys = usePaletteKeys();
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent title={t('keys')} width={640}>
        <DialogBody className="grid grid-cols-2 gap-x-10 gap-y-5 pb-6 phone:grid-cols-1">
          <KeyGroup title={t('keysEverywhere')}>
            <KeyLine keys={paletteKeys} words={t('keyPalette')} />
            <KeyLine keys="/" words={t('keySearch')} />
            {consolePages.map((page) => (
              <KeyLine
                key={page.name}
                keys={`g ${page.key}`}
                words={t('keyGoTo', { page: t(page.name) })}
              />
            ))}
            <KeyLine keys="?" words={t('keyHelp')} />
          </KeyGroup>
          <div className="grid content-start gap-5">
            {ofPage.length > 0 && (
              <KeyGroup title={t('keysPage')}>
                {ofPage.map((action) => (
                  <KeyLine key={action.id} keys={action.keys ?? ''} words={action.label} />
                ))}
              </KeyGroup>
            )}
            <KeyGroup title={t('keysRows')}>
              <KeyLine keys="j" words={t('keyDown')} />
              <KeyLine keys="k" words={t('keyUp')} />
              <KeyLine keys="enter" words={t('keyOpen')} />
              <KeyLine keys="x" words={t('keySelect')} />
              <KeyLine keys="e" words={t('keyEdit')} />
              <KeyLine keys="t" words={t('keyTrigger')} />
              <KeyLine keys="p" words={t('keyPause')} />
              <KeyLine keys="r" words={t('keyRetry')} />
            </KeyGroup>
          </div>
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}

function KeyGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="text-meta text-ink-3">{title}</h3>
      <dl className="mt-1 text-table">{children}</dl>
    </section>
  );
}

function KeyLine({ keys, words }: { keys: string; words: string }) {
  return (
    <div className="flex h-row-dense items-center justify-between gap-4">
      <dt className="order-last flex gap-1">
        {keys.split(' ').map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dt>
      <dd>{words}</dd>
    </div>
  );
}
