import { Autocomplete } from '@base-ui/react/autocomplete'
import { useState } from 'react'
import { cx } from './cx.ts'
import { control } from './field.tsx'

export interface SuggestInputProps {
  readonly value: string
  readonly onChange: (value: string) => void
  /** What may be meant; those that hold what is typed are offered. */
  readonly suggestions: readonly string[]
  readonly placeholder?: string
  /** Its name where no `Field` gives it one. */
  readonly label?: string
  readonly className?: string
}

/** A line of wire text with suggestions: typing narrows them, the arrow keys move, Enter takes one. Any other text will do. */
export function SuggestInput({ value, onChange, suggestions, placeholder, label, className }: SuggestInputProps) {
  // What stands in the field already is no reason to offer nothing else.
  const [isTyping, setIsTyping] = useState(false)
  const typed = value.toLowerCase()
  const items = isTyping ? suggestions.filter((suggestion) => suggestion.toLowerCase().includes(typed)) : suggestions
  return (
    <Autocomplete.Root
      items={items}
      mode="none"
      value={value}
      openOnInputClick
      onValueChange={(next, { reason }) => {
        if (reason === 'input-change') setIsTyping(true)
        onChange(next)
      }}
      onOpenChange={(isOpen) => {
        if (!isOpen) setIsTyping(false)
      }}
    >
      <Autocomplete.Input
        placeholder={placeholder}
        aria-label={label}
        spellCheck={false}
        className={cx(control, 'font-mono text-12', className)}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-40">
          <Autocomplete.Popup className="max-h-64 w-max max-w-[30rem] min-w-(--anchor-width) overflow-y-auto rounded-control border border-line bg-raised p-1 text-12 shadow-float outline-none data-empty:hidden">
            <Autocomplete.List>
              {(suggestion: string) => (
                <Autocomplete.Item
                  key={suggestion}
                  value={suggestion}
                  className="flex h-6 items-center truncate rounded-tag px-2 font-mono outline-none select-none data-highlighted:bg-sel data-highlighted:outline-2 data-highlighted:-outline-offset-2 data-highlighted:outline-focus"
                >
                  {suggestion}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  )
}
