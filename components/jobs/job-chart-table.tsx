'use client';

import { OutcomeTable } from '#components/bars/outcome-table.tsx';
import type { OutcomeBar } from '#components/bars/bar-layout.ts';
import { Dialog, DialogBody, DialogContent } from '#components/ui/dialog.tsx';

/** The chart as a table, for those who can't see it. */
export function ChartTableDialog({
  title,
  bars,
  onClose,
}: {
  title: string;
  bars: readonly OutcomeBar[];
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <DialogContent title={title}>
        <DialogBody>
          <OutcomeTable items={bars} caption={title} />
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
