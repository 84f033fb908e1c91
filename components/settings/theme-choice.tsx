'use client';

import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { useSyncExternalStore } from 'react';
import { RadioGroup } from '#components/ui/radio-group.tsx';

const nothing = () => () => {};

export function ThemeChoice() {
  const t = useTranslations('settings.look');
  const { theme, setTheme } = useTheme();
  // The server doesn't know what this browser chose.
  const isInBrowser = useSyncExternalStore(
    nothing,
    () => true,
    () => false,
  );
  return (
    <RadioGroup
      label={t('theme')}
      value={isInBrowser ? (theme ?? 'system') : undefined}
      onValueChange={setTheme}
      options={[
        { value: 'system', label: t('system') },
        { value: 'light', label: t('light') },
        { value: 'dark', label: t('dark') },
      ]}
      className="-mt-1.5"
    />
  );
}
