import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface FoldProps {
  readonly title: string
  /** One line that says what is inside while it is closed. */
  readonly summary: string
  readonly isOpen: boolean
  readonly onOpenChange: (isOpen: boolean) => void
  /** Something inside is wrong. */
  readonly isBad?: boolean
  readonly children: ReactNode
}

/** A part of a form that is folded away behind a summary. */
export function Fold({ title, summary, isOpen, onOpenChange, isBad = false, children }: FoldProps) {
  return (
    <Collapsible.Root open={isOpen} onOpenChange={onOpenChange} className="border-t border-line">
      <Collapsible.Trigger className="group flex h-9 w-full items-center gap-2 px-4 text-left outline-offset-[-2px] hover:bg-raised">
        <ChevronRight size={14} className="shrink-0 text-faint transition-transform group-data-panel-open:rotate-90" aria-hidden="true" />
        <span className="shrink-0 font-medium">{title}</span>
        <span className={cx('min-w-0 flex-1 truncate text-right text-12', isBad ? 'text-bad' : 'text-mute')}>
          {isBad ? 'something here needs a look' : summary}
        </span>
      </Collapsible.Trigger>
      <Collapsible.Panel className="px-4 pt-1 pb-4">{children}</Collapsible.Panel>
    </Collapsible.Root>
  )
}
