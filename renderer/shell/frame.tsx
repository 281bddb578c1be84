import { useEffect, useRef, type ReactNode } from 'react'
import type { PanelImperativeHandle } from 'react-resizable-panels'
import { Group } from 'react-resizable-panels'
import { SplitHandle, SplitPanel, useMedia } from '../parts/split.tsx'
import { collapseRoutes, setRoutesWidth, useView, viewStore } from '../state/view-store.ts'

const railPx = 56
const narrowWindow = '(max-width: 62rem)'

/** The routes beside the rest; in a narrow window the routes fold themselves to icons and come back with the room. */
export function Frame({ routes, children }: { routes: ReactNode; children: ReactNode }) {
  const panel = useRef<PanelImperativeHandle>(null)
  const isCollapsed = useView((view) => view.routesCollapsed)
  const isNarrow = useMedia(narrowWindow)

  useEffect(() => collapseRoutes(isNarrow), [isNarrow])
  useEffect(() => {
    if (isCollapsed) panel.current?.collapse()
    else if (panel.current?.isCollapsed()) {
      panel.current.expand()
      panel.current.resize(viewStore.getState().routesWidthPx)
    }
  }, [isCollapsed])

  return (
    <Group
      orientation="horizontal"
      className="min-h-0 flex-1"
      onLayoutChanged={(_, { isUserInteraction }) => {
        const width = panel.current?.getSize().inPixels
        if (isUserInteraction && width !== undefined && !panel.current?.isCollapsed()) setRoutesWidth(Math.round(width))
      }}
    >
      <SplitPanel
        id="routes"
        panelRef={panel}
        collapsible
        collapsedSize={railPx}
        minSize={240}
        maxSize={520}
        defaultSize={viewStore.getState().routesWidthPx}
        groupResizeBehavior="preserve-pixel-size"
        onResize={() => collapseRoutes(panel.current?.isCollapsed() ?? false)}
      >
        {routes}
      </SplitPanel>
      <SplitHandle orientation="horizontal" label="Width of the routes" />
      <SplitPanel id="exchanges" minSize={320}>
        {children}
      </SplitPanel>
    </Group>
  )
}
