'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { useFormContext, useFormState } from 'react-hook-form';
import { cn } from '#components/ui/cn.ts';
import type { EditorForm } from './editor-form.ts';
import { editorSections, sectionOf, type EditorSection } from './editor-problems.ts';

/** The parts of the form: where one is, and which of them has something wrong. */
export function EditorNav() {
  const t = useTranslations('editor');
  const { control } = useFormContext<EditorForm>();
  const { errors, touchedFields, submitCount } = useFormState({ control });
  const current = useSectionInSight();
  const strip = useRef<HTMLElement>(null);
  const wrong = new Set(
    Object.keys(errors)
      .filter((name) => submitCount > 0 || name in touchedFields)
      .map(sectionOf),
  );
  useEffect(() => bringIntoSight(strip.current, current), [current]);
  return (
    <nav
      ref={strip}
      aria-label={t('sections')}
      className="sticky top-0 z-10 -mx-gutter mt-2 flex [scrollbar-width:none] gap-7 overflow-x-auto border-b border-line bg-canvas px-gutter max-[75rem]:gap-5 phone:top-12 phone:gap-5"
    >
      {editorSections.map((section) => (
        <a
          key={section}
          href={`#editor-${section}`}
          aria-current={section === current || undefined}
          className={cn(
            '-mb-px border-b-2 border-transparent pt-2 pb-[9px] text-table font-medium whitespace-nowrap text-ink-2 phone:pt-3 phone:pb-[11px]',
            'hover:text-ink focus-visible:-outline-offset-2 aria-[current=true]:border-ink aria-[current=true]:text-ink',
          )}
        >
          {t(`section.${section}`)}
          {wrong.has(section) && (
            <>
              <span
                aria-hidden
                className="ml-1.5 inline-block size-1.5 rounded-full bg-fail-fill align-middle"
              />
              <span className="sr-only"> {t('sectionHasProblem')}</span>
            </>
          )}
        </a>
      ))}
    </nav>
  );
}

/** Moves the strip alone, not the page, so that the part where one is can be read on the phone. */
function bringIntoSight(strip: HTMLElement | null, section: EditorSection): void {
  const link = strip?.querySelector<HTMLElement>(`[href="#editor-${section}"]`);
  if (!strip || !link) return;
  const middle = link.offsetLeft + link.offsetWidth / 2 - strip.clientWidth / 2;
  strip.scrollTo({ left: middle, behavior: 'smooth' });
}

function useSectionInSight(): EditorSection {
  const [current, setCurrent] = useState<EditorSection>('what');
  useEffect(() => {
    const look = () => {
      const passed = editorSections.findLast((section) => {
        const top = document.getElementById(`editor-${section}`)?.getBoundingClientRect().top;
        return top !== undefined && top < window.innerHeight / 3;
      });
      const { scrollHeight } = document.documentElement;
      const isAtEnd = window.scrollY > 0 && window.scrollY + window.innerHeight >= scrollHeight - 2;
      setCurrent(isAtEnd ? 'keeping' : (passed ?? 'what'));
    };
    look();
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);
  return current;
}
