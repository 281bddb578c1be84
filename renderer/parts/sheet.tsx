import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useRef, type ReactNode } from 'react'

export interface SheetProps {
  readonly title: string
  readonly isOpen: boolean
  /** Someone wants it closed: Escape, the cross, or a press outside. Whether it closes is for the owner to decide. */
  readonly onCloseRequest: () => void
  readonly children: ReactNode
  /** What stays in sight at the bottom, such as Save. */
  readonly footer?: ReactNode
}

/** A panel over the right side of the window. */
export function Sheet({ title, isOpen, onCloseRequest, children, footer }: SheetProps) {
  const body = useRef<HTMLDivElement>(null)
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={(open) => {
        if (!open) onCloseRequest()
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-shade transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          initialFocus={() => body.current?.querySelector<HTMLElement>('[data-first-focus]') ?? true}
          className="fixed inset-y-0 right-0 z-30 flex w-[min(36rem,100vw)] flex-col border-l border-line bg-panel shadow-float outline-none transition-[translate,opacity] data-ending-style:translate-x-6 data-ending-style:opacity-0 data-starting-style:translate-x-6 data-starting-style:opacity-0"
        >
          <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
            <Dialog.Title className="min-w-0 flex-1 truncate text-15 font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="inline-flex size-7 items-center justify-center rounded-control text-mute hover:bg-raised hover:text-text"
            >
              <X size={15} />
            </Dialog.Close>
          </div>
          <div ref={body} className="min-h-0 flex-1 overflow-auto">
            {children}
          </div>
          {footer !== undefined && <div className="shrink-0 border-t border-line px-4 py-2.5">{footer}</div>}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
