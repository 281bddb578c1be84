import { useEffect } from 'react'
import { BufferingMode } from '../../proxy-core/contract/buffering.ts'
import { routeLabel } from '../../proxy-core/contract/route.ts'
import { otherBuffering } from '../compose/captured-request.ts'
import { sendAgain, sendAndCompare } from '../compose/send-again.ts'
import { exportWays } from '../exchange-files/export-formats.ts'
import { chooseImport } from '../exchange-files/read-import.ts'
import { recordReplay } from '../exchange-files/record-replay.ts'
import { saveExport } from '../exchange-files/save-export.ts'
import { clearAll, clearEnded } from '../exchanges/exchange-actions.ts'
import { shownNow } from '../exchanges/shown-exchanges.ts'
import { invoke } from '../gateway.ts'
import { Picker, type PickerGroup, type PickerItem } from '../parts/picker.tsx'
import { reportRefusal, switchBuffering } from '../routes/route-actions.ts'
import { useGateway } from '../state/gateway-store.ts'
import {
  closeComparison,
  compose,
  openHistory,
  openPalette,
  pauseExchangeList,
  pickComparison,
  revealRoute,
  selectRoute,
  setDetailPlacement,
  setDetailTab,
  setTheme,
  useView,
  type DetailTab,
  type ThemeChoice,
} from '../state/view-store.ts'

/** The command palette: all that can be done, found by its words. */
export function Palette() {
  const isOpen = useView((view) => view.isPaletteOpen)
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      openPalette(true)
    }
    window.addEventListener('keydown', open)
    return () => window.removeEventListener('keydown', open)
  }, [])
  return isOpen ? <OpenPalette /> : null
}

function OpenPalette() {
  const groups = [useGeneral(), useSelected(), useRoutes(), looks].filter(({ items }) => items.length > 0)
  return <Picker title="Commands" placeholder="Type a command" groups={groups} onClose={() => openPalette(false)} />
}

function useGeneral(): PickerGroup {
  const isPaused = useView((view) => view.isExchangeListPaused)
  const isComparing = useView((view) => view.comparison !== null)
  const isRunning = useGateway((view) => view.status?.state === 'running')
  return {
    value: 'Gateway',
    items: [
      { id: 'send', label: 'Send a request', keys: 'Ctrl+N', run: () => compose(true) },
      ...(isComparing ? [{ id: 'compare-close', label: 'Close the comparison', keys: 'Esc', run: closeComparison }] : []),
      {
        id: 'pause',
        label: isPaused ? 'Resume the list of exchanges' : 'Pause the list of exchanges',
        run: () => pauseExchangeList(!isPaused),
      },
      { id: 'clear', label: 'Clear ended exchanges', keys: 'Ctrl+Shift+Del', run: clearEnded },
      { id: 'clear-all', label: 'Clear all that was captured', run: clearAll },
      { id: 'history', label: 'History on disk…', run: () => openHistory(true) },
      { id: 'import', label: 'Import exchanges from a file', run: chooseImport },
      ...exportWays
        .filter(({ isForOne }) => !isForOne)
        .map(({ format, label }) => ({
          id: `export-all-${format}`,
          label: `Export all exchanges shown as ${label('event')}`,
          detail: 'without secrets',
          run: () => void saveExport({ ids: shownNow().map(({ id }) => id), format, withSecrets: false }),
        })),
      isRunning
        ? { id: 'stop', label: 'Stop listening', run: () => void invoke('gateway.stop').catch(reportRefusal) }
        : { id: 'start', label: 'Start listening', run: () => void invoke('gateway.start').catch(reportRefusal) },
    ],
  }
}

const tabs: Readonly<Record<DetailTab, string>> = {
  events: 'Events',
  assembled: 'Assembled',
  headers: 'Headers',
  raw: 'Raw',
  timing: 'Timing',
}

/** What can be done with the exchange that is selected. */
function useSelected(): PickerGroup {
  const id = useView((view) => view.selectedExchangeId)
  const exchange = useGateway((view) => (id === null ? undefined : view.exchanges.get(id)))
  if (!exchange) return { value: 'Selected exchange', items: [] }
  return {
    value: 'Selected exchange',
    items: [
      { id: 'send-again', label: 'Send again…', run: () => sendAgain(exchange) },
      { id: 'compare', label: 'Compare with…', run: () => pickComparison(exchange.id) },
      {
        id: 'send-other',
        label: `Send again with buffering ${otherBuffering(exchange)}, and compare`,
        run: () => sendAndCompare(exchange),
      },
      ...exportWays.map(({ format, label }) => ({
        id: `export-${format}`,
        label: `Export this exchange as ${label(exchange.rowKind ?? 'event')}`,
        detail: 'without secrets',
        run: () => void saveExport({ ids: [exchange.id], format, withSecrets: false }),
      })),
      ...(exchange.status === null
        ? []
        : [{ id: 'replay', label: 'Use this exchange as a replay upstream…', run: () => void recordReplay(exchange) }]),
      ...Object.entries(tabs).map(([tab, name]) => ({
        id: `tab-${tab}`,
        label: `Go to tab ${name}`,
        run: () => setDetailTab(tab as DetailTab),
      })),
    ],
  }
}

function useRoutes(): PickerGroup {
  const routes = useGateway((view) => view.routes)
  return {
    value: 'Routes',
    items: routes.flatMap((route): PickerItem[] => {
      const name = routeLabel(route)
      const show = () => {
        selectRoute(route.id)
        revealRoute(route.id)
      }
      return [
        ...BufferingMode.options
          .filter((mode) => mode !== route.buffering.response)
          .map((mode) => ({
            id: `${route.id}-${mode}`,
            label: `${name}: buffering ${mode}`,
            detail: `now ${route.buffering.response}`,
            run: () => switchBuffering(route.id, mode),
          })),
        { id: `${route.id}-select`, label: `${name}: show its exchanges`, run: show },
      ]
    }),
  }
}

const themes: Readonly<Record<ThemeChoice, string>> = { system: 'as the system', light: 'light', dark: 'dark' }

const looks: PickerGroup = {
  value: 'Window',
  items: [
    ...Object.entries(themes).map(([theme, words]) => ({
      id: `theme-${theme}`,
      label: `Theme: ${words}`,
      run: () => setTheme(theme as ThemeChoice),
    })),
    { id: 'below', label: 'Put the detail below', run: () => setDetailPlacement('below') },
    { id: 'right', label: 'Put the detail on the right', run: () => setDetailPlacement('right') },
  ],
}
