import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { Tone } from '../text.ts'
import { cx } from './cx.ts'
import { textTones } from './tag.tsx'

export interface ToastRequest {
  readonly title: string
  readonly description?: string
  readonly tone?: Tone
  /** What can be done about it, such as undo. */
  readonly action?: { readonly label: string; readonly run: () => void }
  readonly timeoutMs?: number
}

/** Says something briefly in the corner, with one thing to do about it at most. */
export function showToast({ title, description, tone = 'neutral', action, timeoutMs = 6000 }: ToastRequest): void {
  const id = toasts.add({
    title,
    ...(description === undefined ? {} : { description }),
    timeout: timeoutMs,
    priority: tone === 'bad' ? 'high' : 'low',
    data: { tone },
    ...(action
      ? {
          actionProps: {
            children: action.label,
            onClick: () => {
              toasts.close(id)
              action.run()
            },
          },
        }
      : {}),
  })
}

/** Where toasts appear; rendered once. */
export function ToastCorner() {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-10 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

const toasts = Toast.createToastManager<{ readonly tone: Tone }>()

function ToastList() {
  const { toasts: shown } = Toast.useToastManager<{ readonly tone: Tone }>()
  return shown.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection="right"
      className="rounded-control border border-line bg-raised text-13 shadow-float transition-opacity data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-center gap-2 py-2 pr-2 pl-3">
        <div className="min-w-0 flex-1">
          <Toast.Title
            className={cx('font-medium break-words', toast.data && toast.data.tone !== 'neutral' && textTones[toast.data.tone])}
          />
          <Toast.Description className="text-12 break-words text-mute" />
        </div>
        <Toast.Action className="h-7 shrink-0 rounded-control border border-edge px-2.5 text-12 font-medium hover:bg-panel" />
        <Toast.Close
          aria-label="Dismiss"
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-control text-mute hover:text-text"
        >
          <X size={13} />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
