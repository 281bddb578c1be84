import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

export interface ButtonProps extends ComponentProps<'button'> {
  readonly children: ReactNode
  /** `ghost` is quiet, `held` lets held bytes go, `primary` is the one thing to do here, `bad` cannot be undone. */
  readonly look?: 'solid' | 'ghost' | 'primary' | 'held' | 'bad'
  readonly size?: 'small' | 'normal'
}

/** A button with words. */
export function Button({ look = 'solid', size = 'normal', className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={cx(base, sizes[size], looks[look], className)}>
      {children}
    </button>
  )
}

const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border font-medium whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:opacity-50'

const sizes = {
  small: 'h-6 px-2 text-12',
  normal: 'h-7 px-2.5 text-12',
} as const

const looks = {
  solid: 'border-line bg-raised text-text enabled:hover:border-edge',
  ghost: 'border-transparent text-mute enabled:hover:bg-raised enabled:hover:text-text data-popup-open:bg-raised',
  primary: 'border-flow bg-flow-bg text-flow enabled:hover:bg-raised',
  held: 'border-held bg-held-bg text-held enabled:hover:bg-raised',
  bad: 'border-bad bg-bad-bg text-bad enabled:hover:bg-raised',
} as const
