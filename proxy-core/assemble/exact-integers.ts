import { parseJson } from './json-fields.ts'

const mark = '\u0000integer '
const stringOrLongInteger = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.])/gs
const markedInteger = /"\\u0000integer (-?\d+)"/g

/** The value of a JSON text in which integers longer than a number can hold are kept aside as marked strings. */
export function parseKeepingIntegers(text: string): unknown {
  // Few texts have such an integer.
  if (!/\d{16}/.test(text)) return parseJson(text)
  return parseJson(text.replace(stringOrLongInteger, (found) => (found.startsWith('"') ? found : JSON.stringify(`${mark}${found}`))))
}

/** A value as JSON, with the integers that were kept aside as they were written. */
export function stringifyWithIntegers(value: unknown): string {
  return JSON.stringify(value).replace(markedInteger, '$1')
}
