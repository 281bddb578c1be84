import { Autocomplete } from '@base-ui/react/autocomplete'
import { useState } from 'react'
import { cx } from './cx.ts'
import { control } from './field.tsx'
import { SuggestionList } from './suggestion-list.tsx'

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
  const [isOpen, setIsOpen] = useState(false)
  const typed = value.toLowerCase()
  const items = isTyping ? suggestions.filter((suggestion) => suggestion.toLowerCase().includes(typed)) : suggestions
  const showsList = isOpen && items.length > 0
  const close = () => {
    setIsOpen(false)
    setIsTyping(false)
  }
  return (
    <Autocomplete.Root
      items={items}
      mode="none"
      value={value}
      open={showsList}
      openOnInputClick
      onValueChange={(next, { reason }) => {
        if (reason === 'item-press') return
        if (reason === 'input-change') setIsTyping(true)
        onChange(next)
      }}
      onOpenChange={(next) => (next ? setIsOpen(true) : close())}
    >
      <Autocomplete.Input
        placeholder={placeholder}
        aria-label={label}
        spellCheck={false}
        onBlur={close}
        className={cx(control, 'font-mono text-12', className)}
      />
      {showsList && (
        <SuggestionList<string>
          label={label === undefined ? 'Suggestions' : `Suggestions for ${label.toLowerCase()}`}
          textOf={(suggestion) => suggestion}
          shows={(suggestion) => <span className="truncate font-mono">{suggestion}</span>}
          onPick={(suggestion) => {
            onChange(suggestion)
            close()
          }}
          className="max-h-64 w-max max-w-[30rem] min-w-(--anchor-width)"
        />
      )}
    </Autocomplete.Root>
  )
}
