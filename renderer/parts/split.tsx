import { useCallback, useState, useSyncExternalStore, type ReactNode } from 'react'
import { Group, Panel, Separator, type Layout } from 'react-resizable-panels'
import { rememberPanelLayout, viewStore } from '../state/view-store.ts'
import { cx } from './cx.ts'

export interface SplitProps {
  /** Its sizes are remembered under this name. */
  readonly id: string
  /** `horizontal` puts the panels side by side. */
  readonly orientation: 'horizontal' | 'vertical'
  readonly children: ReactNode
  readonly className?: string
}

/** Panels that share a place; what a person makes of their sizes is remembered. Put `SplitPanel` and `SplitHandle` inside. */
export function Split({ id, orientation, children, className }: SplitProps) {
  const [remembered] = useState<Layout | undefined>(() => viewStore.getState().panelLayouts[id])
  return (
    <Group
      id={id}
      orientation={orientation}
      className={className}
      defaultLayout={remembered}
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (isUserInteraction) rememberPanelLayout(id, layout)
      }}
    >
      {children}
    </Group>
  )
}

/** A panel of a split; it needs an id, and takes sizes as pixels (a number) or percent (a string). */
export const SplitPanel = Panel

/** The line between two panels, to drag or to move with the arrow keys. */
export function SplitHandle({
  orientation,
  label,
  className,
}: {
  orientation: 'horizontal' | 'vertical'
  label: string
  className?: string
}) {
  return (
    <Separator
      aria-label={label}
      className={cx(
        'relative z-10 shrink-0 bg-line transition-colors outline-offset-0 hover:bg-edge data-[separator=active]:bg-focus data-[separator=hover]:bg-edge',
        orientation === 'horizontal'
          ? 'w-px before:absolute before:-inset-x-1 before:inset-y-0'
          : 'h-px before:absolute before:inset-x-0 before:-inset-y-1',
        className,
      )}
    />
  )
}

/** Whether a media query holds now, such as `(max-width: 62rem)`. */
export function useMedia(query: string): boolean {
  const watch = useCallback(
    (notify: () => void) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', notify)
      return () => list.removeEventListener('change', notify)
    },
    [query],
  )
  return useSyncExternalStore(watch, () => window.matchMedia(query).matches)
}
