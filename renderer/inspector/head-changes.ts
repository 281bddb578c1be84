import type { HeaderField } from '../../proxy-core/contract/rows.ts'

/** What the gateway did to one header field. */
export interface HeadChange {
  readonly change: 'kept' | 'added' | 'removed' | 'changed'
  readonly received: HeaderField | null
  readonly sent: HeaderField | null
}

/** Sets a head as it was received beside the one that was sent on, in the order received; what was added comes last. */
export function headChanges(received: readonly HeaderField[], sent: readonly HeaderField[]): readonly HeadChange[] {
  const left = [...sent]
  const taken = received.map((field) => take(left, ([name, value]) => isSameName(name, field[0]) && value === field[1]))
  const changes = received.map((field, index): HeadChange => {
    const kept = taken[index]
    if (kept) return { change: 'kept', received: field, sent: kept }
    const changed = take(left, ([name]) => isSameName(name, field[0]))
    return changed ? { change: 'changed', received: field, sent: changed } : { change: 'removed', received: field, sent: null }
  })
  return [...changes, ...left.map((field): HeadChange => ({ change: 'added', received: null, sent: field }))]
}

/** A head as text, one field a line. */
export function headText(fields: readonly HeaderField[]): string {
  return fields.map(([name, value]) => `${name}: ${value}\n`).join('')
}

function take(fields: HeaderField[], isIt: (field: HeaderField) => boolean): HeaderField | null {
  const index = fields.findIndex(isIt)
  return index < 0 ? null : (fields.splice(index, 1)[0] ?? null)
}

// RFC 9110 §5.1: field names are case-insensitive.
function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
