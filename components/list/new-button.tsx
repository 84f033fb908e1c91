'use client';

import { Plus } from 'lucide-react';
import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';

/** The button of a list that makes one more; disabled with the reason where the reader may not. */
export function NewButton({
  href,
  label,
  refusal,
}: {
  href: string;
  label: string;
  /** Who may, where the reader doesn't. */
  refusal: string | undefined;
}) {
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
