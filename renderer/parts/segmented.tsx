import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ReactNode } from 'react'
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

/** A choice among a few, all in sight; one click, or the arrow keys. */
export function Segmented<V extends string>({
  label,
  value,
  segments,
  onChange,
  tone = 'neutral',
  isDisabled = false,
  className,
}: SegmentedProps<V>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      disabled={isDisabled}
      onValueChange={(next) => onChange(next)}
      className={cx('inline-flex h-[1.375rem] shrink-0 rounded-control border border-line bg-bg', isDisabled && 'opacity-60', className)}
    >
      {segments.map((segment) => (
        <Radio.Root
          key={segment.value}
          value={segment.value}
          nativeButton
          // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- its label is put in by Radio.Root
          render={<button type="button" />}
          aria-label={segment.name}
          data-value={segment.value}
          className={cx(
            'inline-flex h-full items-center px-2 text-11 text-mute transition-colors first:rounded-l-[5px] last:rounded-r-[5px] not-data-checked:not-data-disabled:hover:text-text data-checked:font-semibold',
            chosen[tone],
          )}
        >
          {segment.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  )
}

const chosen: Readonly<Record<Tone, string>> = {
  flow: 'data-checked:bg-flow-bg data-checked:text-flow',
  out: 'data-checked:bg-out-bg data-checked:text-out',
  held: 'data-checked:bg-held-bg data-checked:text-held',
  bad: 'data-checked:bg-bad-bg data-checked:text-bad',
  neutral: 'data-checked:bg-raised data-checked:text-text',
}
