import { useId, type ReactNode } from 'react';

/** One matter of the settings: what it is and means at the left, its controls at the right. */
export function SettingsSection({
  title,
  sentence,
  children,
}: {
  title: ReactNode;
  sentence: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-12 gap-y-4 border-b border-line py-7 last:border-b-0 min-[60rem]:grid-cols-[17rem_minmax(0,1fr)]"
    >
      <div className="max-w-[34rem]">
        <h2 id={id} className="text-head">
          {title}
        </h2>
        <p className="mt-1 text-table text-pretty text-ink-2">{sentence}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
