import { fieldValues, mediaType, trimmed } from './headers.ts'

/**
 * The Content-Type that counts. Where there are several, in one field or more, browsers take the last that names a type (Fetch §3.5,
 * "extract a MIME type"), and so do we: what is shown as an event stream here is one to them. Null where none names a type.
 */
export function contentTypeOf(fields: readonly string[]): string | null {
  const values = fieldValues(fields, 'content-type')
  if (values.length === 1 && !values[0]?.includes(',')) return namesType(values[0] ?? '') ? (values[0] ?? null) : null
  return listElements(values.join(', ')).findLast(namesType) ?? null
}

const type = /^[!#$%&'*+\-.^_`|~\da-z]+\/[!#$%&'*+\-.^_`|~\da-z]+$/

function namesType(value: string): boolean {
  const media = mediaType(value)
  return media !== '*/*' && type.test(media)
}

/** The parts between commas; a comma in a quoted string is no end. */
function listElements(value: string): string[] {
  const elements: string[] = []
  let start = 0
  let isQuoted = false
  for (let index = 0; index < value.length; index++) {
    const character = value.charAt(index)
    if (character === '"') isQuoted = !isQuoted
    else if (character === '\\' && isQuoted) index++
    else if (character === ',' && !isQuoted) {
      elements.push(trimmed(value.slice(start, index)))
      start = index + 1
    }
  }
  return [...elements, trimmed(value.slice(start))]
}
