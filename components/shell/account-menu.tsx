'use client';

import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { useRef, type ReactNode } from 'react';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '#components/ui/menu.tsx';
import { notifyFailure } from '#components/ui/toast.tsx';
import type { SignOutEverywhere } from './account-line.tsx';

/** The menu of theme and sessions; it hangs on the button that stands before it. */
export function AccountMenu({
  label,
  isOpen,
  onOpenChange,
  signOutEverywhere,
}: {
  label: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  signOutEverywhere: SignOutEverywhere;
}) {
  const t = useTranslations('shell');
  const { theme, setTheme } = useTheme();
  const anchor = useRef<HTMLSpanElement>(null);
  const end = async (act: () => Promise<boolean>) => {
    if (await act().catch(() => false)) {
      // A full load, so that nothing of this user stays in the tab.
      window.location.assign('/sign-in');
      return;
    }
    notifyFailure(t('signOutFailed'), t('signOutFailedDetail'));
  };
  return (
    <Menu open={isOpen} onOpenChange={onOpenChange}>
      <MenuTrigger asChild>
        <span
          ref={anchor}
          aria-hidden
          tabIndex={-1}
          className="pointer-events-none absolute inset-0"
        />
      </MenuTrigger>
      <MenuContent
        side="top"
        aria-label={label}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          const button = anchor.current?.parentElement?.querySelector('button');
          button?.focus();
        }}
      >
        <MenuLabel>{t('theme')}</MenuLabel>
        <MenuRadioGroup value={theme ?? 'system'} onValueChange={setTheme}>
          <MenuRadioItem value="system">
            <ThemeWord icon={<Monitor aria-hidden />} word={t('themeSystem')} />
          </MenuRadioItem>
          <MenuRadioItem value="light">
            <ThemeWord icon={<Sun aria-hidden />} word={t('themeLight')} />
          </MenuRadioItem>
          <MenuRadioItem value="dark">
            <ThemeWord icon={<Moon aria-hidden />} word={t('themeDark')} />
          </MenuRadioItem>
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void end(signOut)}>
          {t('signOut')}
        </MenuItem>
        <MenuItem
          className="pl-8"
          onSelect={() => void end(async () => (await signOutEverywhere()).ok)}
        >
          {t('signOutEverywhere')}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

function ThemeWord({ icon, word }: { icon: ReactNode; word: string }) {
  return (
    <span className="flex items-center gap-2.5 [&>svg]:text-ink-3">
      {icon}
      {word}
    </span>
  );
}

/** Ends this session; whether it did. */
async function signOut(): Promise<boolean> {
  const response = await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  return response.ok;
}
