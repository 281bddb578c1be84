import type { ReactNode } from 'react'
import type { Tone } from '../text.ts'
import { cx } from './cx.ts'

/** A few words on a tint, such as a verdict. */
export function Tag({ tone = 'neutral', children, className }: { tone?: Tone; children: ReactNode; className?: string }) {
  return (
    <span
      className={cx(
        'inline-block h-[1.1875rem] max-w-full truncate rounded-tag px-[7px] text-11 leading-[1.1875rem] font-medium',
        tints[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}

/** The classes of each tone, for tinted backgrounds. */
export const tints: Readonly<Record<Tone, string>> = {
  flow: 'bg-flow-bg text-flow',
  out: 'bg-out-bg text-out',
  held: 'bg-held-bg text-held',
  bad: 'bg-bad-bg text-bad',
  neutral: 'bg-raised text-mute',
}

/** The classes of each tone, for text on a plain background. */
export const textTones: Readonly<Record<Tone, string>> = {
  flow: 'text-flow',
  out: 'text-out',
  held: 'text-held',
  bad: 'text-bad',
  neutral: 'text-mute',
}
