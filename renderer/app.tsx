import { CSPProvider } from '@base-ui/react/csp-provider'
import { useEffect } from 'react'
import { DropImport } from './exchange-files/drop-import.tsx'
import { ExchangePane } from './exchanges/exchange-pane.tsx'
import { ComparePane } from './compare/compare-pane.tsx'
import { ComparePicker } from './compare/compare-picker.tsx'
import { RequestPanel } from './compose/request-panel.tsx'
import { ErrorBoundary } from './parts/error-boundary.tsx'
import { ToastCorner } from './parts/toast.tsx'
import { TooltipDelay } from './parts/tooltip.tsx'
import { RouteForm } from './routes/route-form.tsx'
import { RoutesPanel } from './routes/routes-panel.tsx'
import { ForgetOne } from './history/forget-one.tsx'
import { HistorySheet } from './history/history-sheet.tsx'
import { Banners } from './shell/banners.tsx'
import { DemoBar } from './shell/demo-bar.tsx'
import { Frame } from './shell/frame.tsx'
import { moveAmongPanes } from './shell/panes.ts'
import { Palette } from './shell/palette.tsx'
import { StatusBar } from './shell/status-bar.tsx'
import { Toolbar } from './shell/toolbar.tsx'
import { compose, useView } from './state/view-store.ts'

/** The whole window. */
export function App() {
  useEffect(() => {
    window.addEventListener('keydown', moveAmongPanes)
    window.addEventListener('keydown', composeOnKey)
    return () => {
      window.removeEventListener('keydown', moveAmongPanes)
      window.removeEventListener('keydown', composeOnKey)
    }
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
                  <MainPane />
                </ErrorBoundary>
              </div>
            </main>
          </Frame>
          <StatusBar />
        </div>
        <RouteForm />
        <RequestPanel />
        <DropImport />
        <ComparePicker />
        <HistorySheet />
        <ForgetOne />
        <Palette />
        <ToastCorner />
      </TooltipDelay>
    </CSPProvider>
  )
}

function MainPane() {
  const comparison = useView((view) => view.comparison)
  return comparison ? <ComparePane comparison={comparison} /> : <ExchangePane />
}

function composeOnKey(event: KeyboardEvent): void {
  if (event.key.toLowerCase() !== 'n' || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return
  event.preventDefault()
  compose(true)
}
