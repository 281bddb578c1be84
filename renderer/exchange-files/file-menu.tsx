import { EllipsisVertical } from 'lucide-react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuHeading, MenuItem, MenuLine } from '../parts/menu.tsx'
import { plural } from '../text.ts'
import { ExportItems } from './export-items.tsx'
import { chooseImport } from './read-import.ts'

/** Files of exchanges: import one, or export all that are shown. */
export function FileMenu({ shown }: { shown: readonly Exchange[] }) {
  return (
    <Menu
      align="end"
      trigger={
        <IconButton size="small" label="Import and export">
          <EllipsisVertical size={14} />
        </IconButton>
      }
    >
      <MenuItem onSelect={chooseImport}>Import HAR or JSON Lines…</MenuItem>
      <MenuLine />
      <MenuHeading>Export {plural(shown.length, 'exchange')}</MenuHeading>
      <ExportItems exchanges={shown} />
    </Menu>
  )
}
