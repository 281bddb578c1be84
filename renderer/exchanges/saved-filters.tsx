import { Bookmark } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../parts/button.tsx'
import { TextInput } from '../parts/field.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu, MenuItem, MenuLine } from '../parts/menu.tsx'
import { keptFilterText } from './kept-filter.ts'
import { forgetFilter, renameFilter, saveFilter, setExchangeFilter, useView } from '../state/view-store.ts'

export interface SavedFiltersProps {
  /** A name is being asked for, which has the focus then. */
  readonly isNaming: boolean
  readonly onAsk: (naming: FilterNaming) => void
}

/** The filters that were kept: apply, keep the present one, rename, forget. */
export function SavedFilters({ isNaming, onAsk }: SavedFiltersProps) {
  const filters = useView((view) => view.savedFilters)
  const text = useView((view) => view.exchangeFilter).trim()
  const current = filters.find((saved) => saved.text === text)
  return (
    <Menu
      align="end"
      returnsFocus={!isNaming}
      trigger={
        <IconButton size="small" label="Saved filters" data-saved-filters="">
          <Bookmark size={13} className={current ? 'fill-current' : ''} />
        </IconButton>
      }
    >
      {filters.map((saved) => (
        <MenuItem key={saved.name} onSelect={() => setExchangeFilter(saved.text)}>
          <span className="block max-w-60 truncate">{saved.name}</span>
        </MenuItem>
      ))}
      {filters.length > 0 && <MenuLine />}
      {current ? (
        <>
          <MenuItem onSelect={() => onAsk({ text, name: current.name, isNew: false })}>Rename this filter</MenuItem>
          <MenuItem isBad onSelect={() => forgetFilter(current.name)}>
            Forget this filter
          </MenuItem>
        </>
      ) : (
        <MenuItem
          isDisabled={text === ''}
          onSelect={() => {
            const kept = keptFilterText(text)
            setExchangeFilter(kept)
            onAsk({ text: kept, name: kept.slice(0, 80), isNew: true })
          }}
        >
          Save this filter
        </MenuItem>
      )}
    </Menu>
  )
}

/** A filter that is being given a name. */
export interface FilterNaming {
  readonly text: string
  readonly name: string
  readonly isNew: boolean
}

/** Asks for the name of a filter. */
export function FilterName({ naming, onDone }: { naming: FilterNaming; onDone: () => void }) {
  const [name, setName] = useState(naming.name)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const field = form.current?.querySelector('input')
    field?.focus()
    field?.select()
  }, [])
  const isFit = name.trim() !== '' && name.length <= 80
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc leaves it wherever the focus is inside
    <form
      ref={form}
      className="flex items-center gap-2 border-b border-line bg-panel px-3 py-1.5"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onDone()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isFit) return
        if (naming.isNew) saveFilter(name.trim(), naming.text)
        else renameFilter(naming.name, name.trim())
        onDone()
      }}
    >
      <span className="text-12 text-mute">Name of the filter</span>
      <TextInput label="Name of the filter" value={name} onChange={setName} className="max-w-80" />
      <Button size="small" look="primary" type="submit" disabled={!isFit}>
        Save
      </Button>
      <Button size="small" look="ghost" onClick={onDone}>
        Cancel
      </Button>
    </form>
  )
}
