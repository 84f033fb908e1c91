/** The look of what floats: menu, popover, list of options. Only these have a shadow. */
export const floatLook =
  'z-50 rounded-box border border-line-strong bg-float text-table text-ink shadow-float animate-appear outline-none';

// Radix sets data-disabled only on what is disabled, cmdk sets it to "false" on everything else.
const disabledLook =
  '[&[data-disabled]:not([data-disabled=false])]:pointer-events-none [&[data-disabled]:not([data-disabled=false])]:text-ink-3';

/** The look of one line in a menu or list of options. */
export const itemLook =
  'relative flex min-h-8 cursor-default items-center gap-2.5 rounded-mark px-2 py-1 text-table outline-none select-none ' +
  'data-highlighted:bg-hover data-[selected=true]:bg-hover dark:data-highlighted:bg-press dark:data-[selected=true]:bg-press ' +
  `phone:min-h-11 [&_svg]:size-3.5 [&_svg]:shrink-0 ${disabledLook}`;
