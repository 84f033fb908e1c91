'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';

/** Puts `text` (or what the function gives when clicked) on the clipboard, and shows that it did. */
export function CopyButton({
  text,
  label,
  size = 'small',
  className,
}: {
  /** Null: there is nothing to copy, and the caller said why. */
  text: string | (() => string | Promise<string | null>);
  label?: string | undefined;
  size?: 'normal' | 'small' | undefined;
  className?: string | undefined;
}) {
  const t = useTranslations('common');
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    const given = typeof text === 'function' ? await text() : text;
    setIsCopied(given !== null && (await putOnClipboard(given)));
  };
  return (
    <IconButton
      label={isCopied ? t('copied') : (label ?? t('copy'))}
      size={size}
      className={className}
      onClick={() => void copy()}
    >
      {isCopied ? <Check aria-hidden className="text-ok-ink!" /> : <Copy aria-hidden />}
    </IconButton>
  );
}

/** Whether it worked. The clipboard's own interface is missing over plain http on a private address. */
export async function putOnClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.style.cssText = 'position:fixed;top:0;opacity:0';
  const focused = document.activeElement;
  // Inside a dialog the focus is trapped: the area has to stand in it to be selected.
  (focused?.closest('[role="dialog"]') ?? document.body).append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isDone;
}
