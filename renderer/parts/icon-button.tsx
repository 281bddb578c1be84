import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** What it does: its accessible name, and its tooltip. */
  readonly label: string
  readonly children: ReactNode
  readonly size?: 'small' | 'normal'
}

/** A button with a drawing alone. */
export function IconButton({ label, size = 'normal', className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button type="button" {...rest} aria-label={label} className={cx(base, size === 'small' ? 'size-6' : 'size-7', className)}>
        {children}
      </button>
    </Tooltip>
  )
}

const base =
  'inline-flex shrink-0 items-center justify-center rounded-control text-mute transition-colors enabled:hover:bg-raised enabled:hover:text-text disabled:opacity-50 data-popup-open:bg-raised'
