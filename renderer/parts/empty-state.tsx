import type { ReactNode } from 'react'

export interface EmptyStateProps {
  readonly title: string
  readonly children?: ReactNode
  /** What to do next. */
  readonly action?: ReactNode
  /** A drawing above the title. */
  readonly art?: ReactNode
  /** What else helps, below the action. */
  readonly after?: ReactNode
}

/** Says what an empty place is and what to do next. */
export function EmptyState({ title, children, action, art, after }: EmptyStateProps) {
  return (
    <div className="flex h-full min-h-0 overflow-auto">
      <div className="m-auto flex max-w-full flex-col items-center gap-3 p-6 text-center">
        {art}
        <p className="text-15 font-semibold text-balance">{title}</p>
        {children !== undefined && <div className="max-w-[30rem] text-13 text-balance text-mute">{children}</div>}
        {action !== undefined && <div className="flex flex-wrap items-center justify-center gap-2">{action}</div>}
        {after}
      </div>
    </div>
  )
}
