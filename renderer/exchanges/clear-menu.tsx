import { Trash2 } from 'lucide-react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { Button } from '../parts/button.tsx'
import { Menu, MenuItem } from '../parts/menu.tsx'
import { clearAll, clearEnded, clearHidden } from './exchange-actions.ts'

/** What can be cleared of the exchanges. */
export function ClearMenu({ shown, total }: { shown: readonly Exchange[]; total: number }) {
  return (
    <Menu
      align="end"
      trigger={
        <Button size="small" look="ghost" title="Forgets exchanges, and what was captured of them; pinned ones stay">
          <Trash2 size={12} aria-hidden="true" />
          Clear
        </Button>
      }
    >
      <MenuItem keys="Ctrl+Shift+Del" onSelect={clearEnded}>
        Ended exchanges
      </MenuItem>
      <MenuItem isDisabled={shown.length === total} onSelect={() => clearHidden(shown)}>
        Ended ones that the filter hides
      </MenuItem>
      <MenuItem isBad onSelect={clearAll}>
        All, and what open ones captured so far
      </MenuItem>
    </Menu>
  )
}
