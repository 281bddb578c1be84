import { isUtf8 } from 'node:buffer'

/** Where the first bytes are that are not UTF-8, or null. Of a text that `isCut`, the character that the cut goes through is none of them. */
export function firstInvalidUtf8(text: Uint8Array, { isCut = false }: { readonly isCut?: boolean } = {}): number | null {
  const bytes = isCut ? text.subarray(0, wholeEnd(text, text.length)) : text
  if (isUtf8(bytes)) return null
  let low = 0
  let high = bytes.length
  // The longest prefix that is valid, but for a character that it may cut.
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (isUtf8(bytes.subarray(0, wholeEnd(bytes, middle)))) low = middle
    else high = middle - 1
  }
  return wholeEnd(bytes, low)
}

/** The end of the last character that is whole before an offset. */
function wholeEnd(bytes: Uint8Array, end: number): number {
  for (let start = end - 1; start >= Math.max(0, end - 3); start--) {
    const byte = bytes[start] as number
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return start + length > end ? start : end
  }
  return end
}
