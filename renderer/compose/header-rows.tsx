import { Plus, Trash2 } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../parts/button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { SuggestInput } from '../parts/suggest-input.tsx'
import { headerNames, headerValues } from './header-suggestions.ts'
import type { HeaderRow } from './request-draft.ts'

/** The headers of a request, one a line; names and values are suggested. */
export function HeaderRows({ headers, onChange }: { headers: readonly HeaderRow[]; onChange: (headers: readonly HeaderRow[]) => void }) {
  const rows = useRef<HTMLDivElement>(null)
  const replace = (index: number, patch: Partial<HeaderRow>): void =>
    onChange(headers.map((row, at) => (at === index ? { ...row, ...patch } : row)))
  const add = (): void => {
    onChange([...headers, { name: '', value: '' }])
    requestAnimationFrame(() => rows.current?.lastElementChild?.querySelector('input')?.focus())
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-12 font-medium text-mute">Headers</legend>
      <div ref={rows} className="flex flex-col gap-1.5">
        {headers.map((row, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a row is nothing but its place in the list
          <div key={index} className="flex items-center gap-1.5">
            <SuggestInput
              label={`Name of header ${index + 1}`}
              className="w-40! shrink-0"
              value={row.name}
              onChange={(name) => replace(index, { name })}
              suggestions={headerNames}
              placeholder="X-Header"
            />
            <SuggestInput
              label={`Value of header ${index + 1}`}
              value={row.value}
              onChange={(value) => replace(index, { value })}
              suggestions={headerValues(row.name)}
              placeholder="value"
            />
            <IconButton label={`Remove header ${index + 1}`} onClick={() => onChange(headers.filter((_, at) => at !== index))}>
              <Trash2 size={14} />
            </IconButton>
          </div>
        ))}
      </div>
      <Button look="ghost" size="small" className="-ml-2 self-start" onClick={add}>
        <Plus size={13} aria-hidden="true" />
        Add a header
      </Button>
    </fieldset>
  )
}
