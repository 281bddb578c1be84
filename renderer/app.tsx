import { CSPProvider } from '@base-ui/react/csp-provider'
import { useEffect } from 'react'
import { ExchangePane } from './exchanges/exchange-pane.tsx'
import { ErrorBoundary } from './parts/error-boundary.tsx'
import { ToastCorner } from './parts/toast.tsx'
import { TooltipDelay } from './parts/tooltip.tsx'
import { RouteForm } from './routes/route-form.tsx'
import { RoutesPanel } from './routes/routes-panel.tsx'
import { Banners } from './shell/banners.tsx'
import { DemoBar } from './shell/demo-bar.tsx'
import { Frame } from './shell/frame.tsx'
import { moveAmongPanes } from './shell/panes.ts'
import { StatusBar } from './shell/status-bar.tsx'
import { Toolbar } from './shell/toolbar.tsx'

/** The whole window. */
export function App() {
  useEffect(() => {
    window.addEventListener('keydown', moveAmongPanes)
    return () => window.removeEventListener('keydown', moveAmongPanes)
  }, [])

  return (
    <CSPProvider disableStyleElements>
      <TooltipDelay delay={500}>
        <div className="flex h-full flex-col">
          <Toolbar />
          <Banners />
          <Frame
            routes={
              <ErrorBoundary what="The routes">
                <RoutesPanel />
              </ErrorBoundary>
            }
          >
            <main data-pane="" tabIndex={-1} className="flex h-full min-w-0 flex-col outline-none">
              <DemoBar />
              <div className="min-h-0 flex-1">
                <ErrorBoundary what="The exchanges">
                  <ExchangePane />
                </ErrorBoundary>
              </div>
            </main>
          </Frame>
          <StatusBar />
        </div>
        <RouteForm />
        <ToastCorner />
      </TooltipDelay>
    </CSPProvider>
  )
}
