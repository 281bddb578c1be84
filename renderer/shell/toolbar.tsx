import { Monitor, Moon, Play, Square, Sun } from 'lucide-react'
import { Button } from '../parts/button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuChoices } from '../parts/menu.tsx'
import { invoke } from '../gateway.ts'
import { reportRefusal } from '../routes/route-actions.ts'
import { useGateway } from '../state/gateway-store.ts'
import { compose, openPalette, setTheme, useView } from '../state/view-store.ts'
import { AddressChip } from './address-chip.tsx'
import { Mark } from './mark.tsx'
import { Shortcuts } from './shortcuts.tsx'

/** The top of the window: where the gateway listens, start and stop, and how the window looks. */
export function Toolbar() {
  return (
    <header data-pane="" tabIndex={-1} className="flex h-11 shrink-0 items-center gap-2.5 border-b border-line bg-panel px-3 outline-none">
      <Mark />
      <h1 className="font-semibold">Sluice</h1>
      <AddressChip />
      <StartStop />
      <span className="flex-1" />
      <Button look="ghost" aria-keyshortcuts="Control+N Meta+N" onClick={() => compose(true)}>
        Send request
        <kbd className="font-mono text-11 text-faint max-wide:hidden">Ctrl N</kbd>
      </Button>
      <Button look="ghost" className="max-[45rem]:hidden" aria-keyshortcuts="Control+K Meta+K" onClick={() => openPalette(true)}>
        Commands
        <kbd className="font-mono text-11 text-faint max-wide:hidden">Ctrl K</kbd>
      </Button>
      <Shortcuts />
      <ThemeMenu />
    </header>
  )
}

function StartStop() {
  const isUp = useGateway((view) => view.connection === 'up')
  const isRunning = useGateway((view) => view.status?.state === 'running')
  if (!isUp) return null
  if (!isRunning) {
    return (
      <Button look="ghost" onClick={() => void invoke('gateway.start').catch(reportRefusal)}>
        <Play size={12} aria-hidden="true" />
        Start
      </Button>
    )
  }
  return (
    <Button
      look="ghost"
      title="Stops listening; streams that are open go on until they end."
      onClick={() => void invoke('gateway.stop').catch(reportRefusal)}
    >
      <Square size={11} aria-hidden="true" />
      Stop
    </Button>
  )
}

function ThemeMenu() {
  const theme = useView((view) => view.theme)
  const Icon = { system: Monitor, light: Sun, dark: Moon }[theme]
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Theme: ${theme}`}>
          <Icon size={15} />
        </IconButton>
      }
    >
      <MenuChoices
        value={theme}
        onChange={setTheme}
        choices={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
    </Menu>
  )
}
