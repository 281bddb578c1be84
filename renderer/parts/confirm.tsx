import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

export interface ConfirmProps {
  readonly title: string
  /** What will be, if it is confirmed. */
  readonly children: ReactNode
  /** The verb of the button that does it. */
  readonly action: string
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something that can't be undone; Escape and the first button leave all as it is. */
export function Confirm({ title, children, action, onConfirm, onClose }: ConfirmProps) {
  return (
    <AlertDialog.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop forceRender className="fixed inset-0 z-40 bg-shade" />
        <AlertDialog.Popup className="fixed inset-x-0 top-[18vh] z-50 mx-auto flex w-[min(26rem,calc(100vw-2rem))] flex-col gap-3 rounded-control border border-line bg-panel p-4 shadow-float outline-none">
          <AlertDialog.Title className="text-15 font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="flex flex-col gap-2 text-13 text-mute">
            {children}
          </AlertDialog.Description>
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>Keep</Button>
            <Button
              look="bad"
              onClick={() => {
                onClose()
                onConfirm()
              }}
            >
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
