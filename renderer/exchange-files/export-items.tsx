import { useState } from 'react'
import type { ExportFormat } from '../../proxy-core/contract/exchange-files.ts'
import type { Exchange, RowKind } from '../../proxy-core/contract/exchange.ts'
import { MenuCheck, MenuItem, MenuLine } from '../parts/menu.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { recordReplay } from './record-replay.ts'
import { saveExport } from './save-export.ts'

const formats: readonly { readonly format: ExportFormat; readonly isForOne: boolean; readonly label: (kind: RowKind) => string }[] = [
  { format: 'har', isForOne: false, label: () => 'HAR 1.2' },
  { format: 'jsonl', isForOne: false, label: () => 'JSON Lines, with both clocks' },
  { format: 'csv', isForOne: true, label: () => 'Table of rows (CSV)' },
  { format: 'raw', isForOne: true, label: (kind) => (kind === 'event' ? 'Event stream (.sse)' : 'Body') },
]

/** The ways to save these exchanges, in a menu. Secrets go along only when it is said for this one file. */
export function ExportItems({ exchanges }: { exchanges: readonly Exchange[] }) {
  const [withSecrets, setWithSecrets] = useState(false)
  const hasReadable = useGateway((view) => view.routes.some(({ capture }) => capture.redact === 'none'))
  const kind = exchanges[0]?.rowKind ?? 'event'
  const only = exchanges.length === 1 ? exchanges[0] : undefined
  return (
    <>
      {formats
        .filter(({ isForOne }) => !isForOne || exchanges.length === 1)
        .map(({ format, label }) => (
          <MenuItem
            key={format}
            isDisabled={exchanges.length === 0}
            onSelect={() => void saveExport({ ids: exchanges.map(({ id }) => id), format, withSecrets })}
          >
            {label(kind)}
          </MenuItem>
        ))}
      {only !== undefined && only.status !== null && (
        <>
          <MenuLine />
          <MenuItem onSelect={() => void recordReplay(only)}>Use as a replay upstream…</MenuItem>
        </>
      )}
      {hasReadable && (
        <>
          <MenuLine />
          <MenuCheck isChecked={withSecrets} onChange={setWithSecrets}>
            With secrets that a route leaves readable
          </MenuCheck>
        </>
      )}
    </>
  )
}
