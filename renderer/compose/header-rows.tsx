import { Plus, Trash2 } from 'lucide-react'
import { Button } from '../parts/button.tsx'
import { TextInput } from '../parts/field.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import type { HeaderRow } from './request-draft.ts'

/** The headers of a request, one a line. */
export function HeaderRows({ headers, onChange }: { headers: readonly HeaderRow[]; onChange: (headers: readonly HeaderRow[]) => void }) {
  const replace = (index: number, patch: Partial<HeaderRow>): void =>
    onChange(headers.map((row, at) => (at === index ? { ...row, ...patch } : row)))
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-12 font-medium text-mute">Headers</legend>
      {headers.map((row, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a row is nothing but its place in the list
        <div key={index} className="flex items-center gap-1.5">
          <TextInput
            isMono
            label={`Name of header ${index + 1}`}
            className="w-40! shrink-0"
            value={row.name}
            onChange={(name) => replace(index, { name })}
            placeholder="X-Header"
          />
          <TextInput
            isMono
            label={`Value of header ${index + 1}`}
            value={row.value}
            onChange={(value) => replace(index, { value })}
            placeholder="value"
          />
          <IconButton label={`Remove header ${index + 1}`} onClick={() => onChange(headers.filter((_, at) => at !== index))}>
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
      <Button look="ghost" size="small" className="-ml-2 self-start" onClick={() => onChange([...headers, { name: '', value: '' }])}>
        <Plus size={13} aria-hidden="true" />
        Add a header
      </Button>
    </fieldset>
  )
}
