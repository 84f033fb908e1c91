'use client';

import { CircleAlert } from 'lucide-react';
import { createContext, use, useId, type ReactNode } from 'react';
import { cn } from './cn.ts';

type FieldWiring = { controlId: string; describedBy: string | undefined; isInvalid: boolean };
const FieldContext = createContext<FieldWiring | null>(null);

export type FieldProps = {
  label: ReactNode;
  /** What the value means and what is allowed, in a sentence under the control. */
  explanation?: ReactNode;
  /** What is wrong and what to do; it takes the place of nothing, the explanation stays. */
  error?: ReactNode;
  /** `side` puts the label left of the control on a wide screen, as in the editor. */
  layout?: 'stacked' | 'side' | undefined;
  /** Beside the label: "optional", or a link. */
  aside?: ReactNode;
  /** For a group of controls (radios, lines): the label becomes a legend. */
  group?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
};

/** A label, one control, its explanation and its error, tied together for screen readers. */
export function Field({
  label,
  explanation,
  error,
  layout = 'stacked',
  aside,
  group = false,
  className,
  children,
}: FieldProps) {
  const id = useId();
  const explanationId = `${id}-explanation`;
  const errorId = `${id}-error`;
  const describedBy =
    [explanation ? explanationId : '', error ? errorId : ''].filter(Boolean).join(' ') || undefined;
  const isSide = layout === 'side';
  return (
    <FieldContext value={{ controlId: `${id}-control`, describedBy, isInvalid: Boolean(error) }}>
      <div
        role={group ? 'group' : undefined}
        aria-labelledby={group ? `${id}-label` : undefined}
        aria-describedby={group ? describedBy : undefined}
        className={cn(
          'grid gap-x-4 gap-y-1',
          isSide && 'desk:grid-cols-[9rem_minmax(0,1fr)]',
          className,
        )}
      >
        <div className={cn('flex items-baseline justify-between gap-2', isSide && 'desk:pt-1.5')}>
          {group ? (
            <span id={`${id}-label`} className={labelLook(isSide)}>
              {label}
            </span>
          ) : (
            <label htmlFor={`${id}-control`} className={labelLook(isSide)}>
              {label}
            </label>
          )}
          {aside && <span className="text-meta text-ink-3">{aside}</span>}
        </div>
        <div className="min-w-0">
          {children}
          {explanation && (
            <p id={explanationId} className="mt-1 text-meta text-pretty text-ink-3">
              {explanation}
            </p>
          )}
          {error && (
            <p
              id={errorId}
              role="alert"
              className="mt-1 flex items-start gap-1.5 text-meta text-pretty text-fail-ink"
            >
              <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
              <span>{error}</span>
            </p>
          )}
        </div>
      </div>
    </FieldContext>
  );
}

function labelLook(isSide: boolean): string {
  return isSide
    ? 'text-table text-ink-2 phone:font-medium phone:text-ink'
    : 'text-table font-medium';
}

/**
 * The attributes that tie a control to the `Field` around it; the control's own attributes win.
 * Outside a field it gives nothing.
 */
export function useFieldControl(own: {
  id?: string | undefined;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: React.AriaAttributes['aria-invalid'];
}) {
  const field = use(FieldContext);
  if (!field) return {};
  return {
    id: own.id ?? field.controlId,
    'aria-describedby': own['aria-describedby'] ?? field.describedBy,
    'aria-invalid': own['aria-invalid'] ?? (field.isInvalid || undefined),
  };
}
