import { Autocomplete } from '@base-ui/react/autocomplete'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface SuggestionListProps<T> {
  readonly label: string
  /** What one of them shows; its text is what tells it from the others. */
  readonly textOf: (suggestion: T) => string
  readonly shows: (suggestion: T) => ReactNode
  readonly onPick: (suggestion: T) => void
  readonly className?: string
}

/**
 * The open suggestions of an `Autocomplete.Root`, below its field. Not the library's popup, which hides the rest of the window from screen
 * readers while the focus stays there; so it is for the caller to render it while it is open, and to take what is picked.
 */
export function SuggestionList<T>({ label, textOf, shows, onPick, className }: SuggestionListProps<T>) {
  return (
    <Autocomplete.Portal>
      <Autocomplete.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-60">
        <div className={cx('overflow-y-auto rounded-control border border-line bg-raised p-1 text-12 shadow-float', className)}>
          <Autocomplete.List aria-label={label} className="outline-none">
            {(suggestion: T) => (
              <Autocomplete.Item
                key={textOf(suggestion)}
                value={suggestion}
                onClick={() => onPick(suggestion)}
                className="flex h-6 items-center gap-3 rounded-tag px-2 outline-none select-none data-highlighted:bg-sel data-highlighted:outline-2 data-highlighted:-outline-offset-2 data-highlighted:outline-focus"
              >
                {shows(suggestion)}
              </Autocomplete.Item>
            )}
          </Autocomplete.List>
        </div>
      </Autocomplete.Positioner>
    </Autocomplete.Portal>
  )
}
