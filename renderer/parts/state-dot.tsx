import { cx } from './cx.ts'

export type DotState = 'idle' | 'live' | 'held' | 'bad' | 'off'

/**
 * The state of a thing as a small shape; words next to it say the same.
 * Each state has its own shape too: filled, ringed, square, triangle, hollow.
 */
export function StateDot({ state, className }: { state: DotState; className?: string }) {
  return (
    <svg viewBox="0 0 8 8" aria-hidden="true" className={cx('size-2 shrink-0', colours[state], className)}>
      {state === 'live' && <circle cx="4" cy="4" r="3.6" fill="currentColor" />}
      {state === 'idle' && <circle cx="4" cy="4" r="2.4" fill="currentColor" />}
      {state === 'held' && <rect x="0.7" y="0.7" width="6.6" height="6.6" rx="1" fill="currentColor" />}
      {state === 'bad' && <path d="M4 0.2 8 7.6H0Z" fill="currentColor" />}
      {state === 'off' && <circle cx="4" cy="4" r="2.9" fill="none" stroke="currentColor" strokeWidth="1.2" />}
    </svg>
  )
}

const colours: Readonly<Record<DotState, string>> = {
  idle: 'text-out',
  live: 'text-out',
  held: 'text-held',
  bad: 'text-bad',
  off: 'text-faint',
}
