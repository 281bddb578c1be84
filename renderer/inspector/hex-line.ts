/** One row of a hex view: `48 65 6c 6c 6f`, and the same as text with a dot for what has no picture. */
export function hexLine(bytes: Uint8Array): { readonly hex: string; readonly text: string } {
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
  const hex = [pairs.slice(0, 8).join(' '), pairs.slice(8).join(' ')].filter((half) => half !== '').join('  ')
  const text = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('')
  return { hex, text }
}

/** An offset as hex, wide enough for the whole body. */
export function hexOffset(offset: number, total: number): string {
  return offset.toString(16).padStart(Math.max(4, total.toString(16).length), '0')
}
