import { Columns3 } from 'lucide-react'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuCheck, MenuItem, MenuLine } from '../parts/menu.tsx'
import { hideColumns, resetColumns, useView } from '../state/view-store.ts'
import type { Column } from './table-columns.ts'

export interface ColumnMenuProps {
  readonly table: string
  readonly all: readonly Column[]
  /** Those that are shown now; others are hidden, or have no room. */
  readonly shown: readonly Column[]
}

/** What can be chosen about the columns of a table: which are shown, and back to how they were. */
export function ColumnChoices({ table, all, shown }: ColumnMenuProps) {
  const hidden = useView((view) => view.hiddenColumns[table]) ?? noColumns
  const isChanged = useView(({ columnWidths }) => Object.keys(columnWidths[table] ?? {}).length > 0) || hidden.length > 0
  return (
    <>
      {all.map((column) => {
        const isHidden = hidden.includes(column.id)
        const hasNoRoom = !isHidden && !shown.some(({ id }) => id === column.id)
        return (
          <MenuCheck
            key={column.id}
            isChecked={column.grows === true || !isHidden}
            isDisabled={column.grows === true}
            onChange={(isShown) => hideColumns(table, isShown ? hidden.filter((id) => id !== column.id) : [...hidden, column.id])}
          >
            {column.title}
            {hasNoRoom && <span className="ml-auto pl-4 text-11 text-mute">no room now</span>}
          </MenuCheck>
        )
      })}
      <MenuLine />
      <MenuItem isDisabled={!isChanged} onSelect={() => resetColumns(table)}>
        Reset columns
      </MenuItem>
    </>
  )
}

/** The button of that menu, at the end of the head of a table. */
export function ColumnButton({
  label,
  rightPx,
  heightPx,
  ...columns
}: ColumnMenuProps & {
  readonly label: string
  /** Where the rows end. */
  readonly rightPx: number
  readonly heightPx: number
}) {
  return (
    <div
      className="absolute top-0 left-0 z-10 flex w-7 -translate-x-full items-center justify-center"
      style={{ left: rightPx, height: heightPx - 1 }}
    >
      <Menu
        align="end"
        trigger={
          <IconButton size="small" label={`Columns of ${label.replace(/,.*/, '').toLowerCase()}`} className="size-5! text-faint!">
            <Columns3 size={13} />
          </IconButton>
        }
      >
        <ColumnChoices {...columns} />
      </Menu>
    </div>
  )
}

const noColumns: readonly string[] = []
