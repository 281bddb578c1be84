import { useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { MenuCheck, MenuItem, MenuLine } from '../parts/menu.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { exportWays } from './export-formats.ts'
import { recordReplay } from './record-replay.ts'
import { saveExport } from './save-export.ts'

/** The ways to save these exchanges, in a menu. Secrets go along only when it is said for this one file. */
export function ExportItems({ exchanges }: { exchanges: readonly Exchange[] }) {
  const [withSecrets, setWithSecrets] = useState(false)
  const hasReadable = useGateway((view) => view.routes.some(({ capture }) => capture.redact === 'none'))
  const kind = exchanges[0]?.rowKind ?? 'event'
  const only = exchanges.length === 1 ? exchanges[0] : undefined
  return (
    <>
      {exportWays
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
      {only !== undefined && only.status !== null && kind !== 'message' && (
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
