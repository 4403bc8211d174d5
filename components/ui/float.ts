/** What floats: popover, menu, select, palette. The only place with a shadow. */
export const floatStyle =
  'z-50 overflow-hidden rounded-lg border border-border bg-popover text-foreground shadow-float animate-in-rise outline-none';

/** One row of a menu, select or palette. */
// Radix marks a disabled row with an empty attribute, cmdk every row with true or false.
export const itemStyle =
  'relative flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-base outline-none select-none data-highlighted:bg-raised data-[selected=true]:bg-raised [&[data-disabled=""]]:pointer-events-none [&[data-disabled=""]]:text-tertiary data-[disabled=true]:pointer-events-none data-[disabled=true]:text-tertiary [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.5]';

export const separatorStyle = '-mx-1 my-1 h-px bg-border';
export const groupLabelStyle = 'px-2 pt-1.5 pb-1 text-sm font-medium text-tertiary';
