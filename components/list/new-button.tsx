'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { usePageActions } from '#components/shell/commands.ts';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';

type New = {
  href: string;
  label: string;
  /** Who may, where the reader doesn't. */
  refusal: string | undefined;
};

/** The button of a list that makes one more, and the same act in the palette. */
export function useNewButton(made: New): ReactNode {
  const router = useRouter();
  const { href, label, refusal } = made;
  usePageActions([
    {
      id: 'new',
      label,
      isDisabled: refusal !== undefined,
      hint: refusal,
      run: () => router.push(href),
    },
  ]);
  return <NewButton {...made} />;
}

/** Disabled with the reason where the reader may not. */
export function NewButton({ href, label, refusal }: New) {
  return refusal === undefined ? (
    <Button asChild variant="primary">
      <Link href={href}>
        <Plus aria-hidden />
        {label}
      </Link>
    </Button>
  ) : (
    <Button variant="primary" icon={<Plus aria-hidden />} disabled title={refusal}>
      {label}
    </Button>
  );
}
