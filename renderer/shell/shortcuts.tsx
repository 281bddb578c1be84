import { Dialog } from '@base-ui/react/dialog'
import { Keyboard, X } from 'lucide-react'
import { Fragment, useEffect, useState } from 'react'
import { IconButton } from '../parts/icon-button.tsx'
import { shortcutGroups } from './shortcut-list.ts'

/** All keys of the window on one sheet, opened with ? or by a button. */
export function Shortcuts() {
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
      event.preventDefault()
      setIsOpen(true)
    }
    window.addEventListener('keydown', open)
    return () => window.removeEventListener('keydown', open)
  }, [])

  return (
    <Dialog.Root open={isOpen} onOpenChange={setIsOpen}>
      <IconButton label="Keyboard shortcuts" onClick={() => setIsOpen(true)}>
        <Keyboard size={15} />
      </IconButton>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100vh-2rem)] w-[min(46rem,calc(100vw-2rem))] -translate-1/2 flex-col rounded-control border border-line bg-panel shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0">
          <div className="flex h-11 shrink-0 items-center border-b border-line pr-2 pl-4">
            <Dialog.Title className="flex-1 text-15 font-semibold">Keyboard shortcuts</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="inline-flex size-7 items-center justify-center rounded-control text-mute hover:bg-raised hover:text-text"
            >
              <X size={15} />
            </Dialog.Close>
          </div>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scroll area must be reachable by keyboard */}
          <div className="min-h-0 columns-1 gap-8 overflow-y-auto px-4 pt-3 pb-1 -outline-offset-2 min-[46rem]:columns-2" tabIndex={0}>
            {shortcutGroups.map(({ title, shortcuts }) => (
              <section key={title} aria-label={title} className="mb-4 break-inside-avoid">
                <h3 className="mb-1.5 text-12 font-semibold">{title}</h3>
                <dl className="grid grid-cols-[8.25rem_1fr] items-baseline gap-x-3 gap-y-1 text-12">
                  {shortcuts.map(([keys, does]) => (
                    <Fragment key={does}>
                      <dt className="flex flex-wrap gap-1">
                        {keys.map((key) => (
                          <kbd key={key} className="rounded-tag border border-line bg-bg px-1.5 font-mono text-11 leading-[1.125rem]">
                            {key}
                          </kbd>
                        ))}
                      </dt>
                      <dd className="text-mute">{does}</dd>
                    </Fragment>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
