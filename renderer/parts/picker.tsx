import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

/** One thing that can be picked. */
export interface PickerItem {
  readonly id: string
  /** What it is found by. */
  readonly label: string
  readonly detail?: ReactNode
  /** The keys that do the same, as text. */
  readonly keys?: string
  readonly run: () => void
}

export interface PickerGroup {
  readonly value: string
  readonly items: readonly PickerItem[]
}

export interface PickerProps {
  readonly title: string
  readonly placeholder: string
  readonly groups: readonly PickerGroup[]
  readonly onClose: () => void
}

const mostItems = 200

/** A list over the window to pick one of: typing narrows it, the arrow keys move, Enter picks. */
export function Picker({ title, placeholder, groups, onClose }: PickerProps) {
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup
          aria-label={title}
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[min(38rem,calc(100vw-2rem))] -translate-x-1/2 flex-col overflow-hidden rounded-control border border-line bg-panel shadow-float outline-none"
        >
          <Autocomplete.Root
            open
            inline
            items={groups}
            autoHighlight="always"
            keepHighlight
            limit={mostItems}
            itemToStringValue={(item: PickerItem) => item.label}
            filter={(item: PickerItem, query) => holdsWords(item.label, query)}
          >
            <Autocomplete.Input
              aria-label={title}
              placeholder={placeholder}
              spellCheck={false}
              className="h-11 w-full shrink-0 border-b border-line bg-transparent px-4 text-13 outline-none"
            />
            <Autocomplete.Empty className="px-4 text-12 text-mute not-empty:py-4">Nothing has these words.</Autocomplete.Empty>
            <Autocomplete.List className="min-h-0 flex-1 overflow-y-auto p-1 empty:hidden">
              {(group: PickerGroup) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className="px-3 pt-2 pb-1 text-11 font-medium text-mute">{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(item: PickerItem) => (
                      <Autocomplete.Item
                        key={item.id}
                        value={item}
                        onClick={() => {
                          onClose()
                          item.run()
                        }}
                        className="flex min-h-7 items-center gap-3 rounded-tag px-3 text-13 outline-none select-none data-highlighted:bg-sel data-highlighted:outline-2 data-highlighted:-outline-offset-2 data-highlighted:outline-focus"
                      >
                        <span className="min-w-0 flex-1 truncate">{item.label}</span>
                        {item.detail !== undefined && <span className="shrink-0 text-12 text-mute">{item.detail}</span>}
                        {item.keys !== undefined && <kbd className="shrink-0 font-mono text-11 text-mute">{item.keys}</kbd>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function holdsWords(label: string, query: string): boolean {
  const text = label.toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
