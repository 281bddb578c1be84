import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { GatewayStatus, ListenerStatus } from '../../proxy-core/contract/events.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { copyText } from '../parts/copy-text.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuItem } from '../parts/menu.tsx'
import { StateDot, type DotState } from '../parts/state-dot.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { gatewayUrl } from './gateway-url.ts'
import { TrustSheet } from './trust-sheet.tsx'

/** Where the gateway listens, and whether it does. */
export function AddressChip() {
  const connection = useGateway((view) => view.connection)
  const status = useGateway((view) => view.status)
  const { dot, word, address, more } = describe(connection, status)
  const hasTls = status?.listeners.some((listener) => listener.address.startsWith('https://')) ?? false
  const [isTrustOpen, setTrustOpen] = useState(false)
  return (
    <div className="flex h-7 min-w-0 items-center gap-1.5 rounded-control border border-line bg-bg pl-2.5 text-12">
      <StateDot state={dot} />
      {word === null ? <span className="sr-only">Listening on</span> : <span className="shrink-0 text-mute">{word}</span>}
      {address !== null && (
        <span className="min-w-0 truncate font-mono" data-address="">
          {address}
        </span>
      )}
      {more.length > 0 && (
        <Menu
          trigger={
            <button type="button" aria-label={`${more.length} more`} className="h-5 shrink-0 rounded-tag px-1 text-mute hover:bg-raised">
              +{more.length}
            </button>
          }
        >
          {more.map((listener) => (
            <MenuItem
              key={listener.address}
              isDisabled={listener.url === null}
              keys={listener.state}
              onSelect={() => copyText(listener.url ?? '')}
            >
              <span className="font-mono text-12">{listener.url ?? listener.address}</span>
            </MenuItem>
          ))}
        </Menu>
      )}
      {hasTls && (
        <IconButton size="small" label="How to trust the https address" onClick={() => setTrustOpen(true)}>
          <ShieldCheck size={13} />
        </IconButton>
      )}
      {dot === 'live' && address !== null ? <CopyButton text={address} label="Copy the address" /> : <span className="w-1" />}
      <TrustSheet isOpen={isTrustOpen} onClose={() => setTrustOpen(false)} />
    </div>
  )
}

interface Description {
  readonly dot: DotState
  /** What the dot says, where it is not simply listening. */
  readonly word: string | null
  readonly address: string | null
  readonly more: readonly ListenerStatus[]
}

function describe(connection: 'connecting' | 'up' | 'down', status: GatewayStatus | null): Description {
  if (connection === 'down') return { dot: 'bad', word: 'gateway down', address: null, more: [] }
  const url = gatewayUrl(status)
  const first = status?.listeners.find((listener) => listener.url === url && url !== null) ?? status?.listeners[0]
  if (!status || !first) return { dot: 'off', word: 'starting', address: null, more: [] }
  const more = status.listeners.filter((listener) => listener !== first)
  if (first.state === 'failed') return { dot: 'bad', word: 'cannot listen on', address: first.address, more }
  if (first.state === 'stopped') return { dot: 'off', word: 'stopped', address: first.address, more }
  return { dot: 'live', word: null, address: first.url ?? first.address, more }
}
