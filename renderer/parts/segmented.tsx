import { useId, type ReactNode } from 'react'
import type { Tone } from '../text.ts'
import { cx } from './cx.ts'

export interface Segment<V extends string> {
  readonly value: V
  readonly label: ReactNode
  /** Its accessible name where the label is a drawing. */
  readonly name?: string
}

export interface SegmentedProps<V extends string> {
  /** What is being chosen, for those who cannot see it. */
  readonly label: string
  readonly value: V
  readonly segments: readonly Segment<V>[]
  readonly onChange: (value: V) => void
  /** The tint of the chosen segment. */
  readonly tone?: Tone
  readonly isDisabled?: boolean
  readonly className?: string
}

/**
 * A choice among a few, all in sight; one click, or the arrow keys.
 * Native radio buttons lie over the words: a thousand routes have a switch each, and the browser's own are the cheapest.
 */
export function Segmented<V extends string>({
  label,
  value,
  segments,
  onChange,
  tone = 'neutral',
  isDisabled = false,
  className,
}: SegmentedProps<V>) {
  const group = useId()
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cx('inline-flex h-[1.375rem] shrink-0 rounded-control border border-line bg-bg', isDisabled && 'opacity-60', className)}
    >
      {segments.map((segment) => (
        <label
          key={segment.value}
          className={cx(
            'relative inline-flex h-full items-center px-2 text-11 transition-colors first:rounded-l-[5px] last:rounded-r-[5px] has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-1 has-[:focus-visible]:outline-focus',
            segment.value === value ? cx('font-semibold', chosen[tone]) : cx('text-mute', !isDisabled && 'hover:text-text'),
          )}
        >
          <input
            type="radio"
            name={group}
            value={segment.value}
            data-value={segment.value}
            checked={segment.value === value}
            disabled={isDisabled}
            aria-label={segment.name}
            onChange={() => onChange(segment.value)}
            className="absolute inset-0 m-0 appearance-none opacity-0"
          />
          {segment.label}
        </label>
      ))}
    </div>
  )
}

const chosen: Readonly<Record<Tone, string>> = {
  flow: 'bg-flow-bg text-flow',
  out: 'bg-out-bg text-out',
  held: 'bg-held-bg text-held',
  bad: 'bg-bad-bg text-bad',
  neutral: 'bg-raised text-text',
}
