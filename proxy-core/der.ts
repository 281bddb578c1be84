/** One DER element: tag, length, content (X.690 §8.1). */
export function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

export function sequence(...content: readonly Uint8Array[]): Buffer {
  return element(0x30, ...content)
}

export function set(...content: readonly Uint8Array[]): Buffer {
  return element(0x31, ...content)
}

/** An element that its number in the enclosing sequence names; `isConstructed` when it holds further elements. */
export function tagged(number: number, isConstructed: boolean, ...content: readonly Uint8Array[]): Buffer {
  return element((isConstructed ? 0xa0 : 0x80) | number, ...content)
}

/** A whole number of zero or more, its bytes given most significant first. */
export function unsigned(bytes: Uint8Array): Buffer {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const rest = bytes.subarray(start)
  // X.690 §8.3.3: the first bit is the sign.
  return element(0x02, ...((rest[0] ?? 0) > 0x7f ? [Buffer.from([0])] : []), rest)
}

export function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]))
}

/** An object identifier in its dotted form. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

export function octets(content: Uint8Array): Buffer {
  return element(0x04, content)
}

/** A string of bits of which the last `unusedBits` do not count. */
export function bits(content: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Buffer.from([unusedBits]), content)
}

export function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text, 'utf8'))
}

/** A moment to the second: two digits for the year until 2049, four from then on (RFC 5280 §4.1.2.5). */
export function time(at: number): Buffer {
  const date = new Date(at)
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  return date.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits))
}

/** The elements that an element holds, each with its tag and length. */
export function parts(whole: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = headOf(whole, 0).end; at < whole.length;) {
    const { end, length } = headOf(whole, at)
    found.push(whole.subarray(at, end + length))
    at = end + length
  }
  return found
}

function headOf(bytes: Buffer, at: number): { end: number; length: number } {
  const first = bytes.readUInt8(at + 1)
  if (first < 0x80) return { end: at + 2, length: first }
  const size = first & 0x7f
  return { end: at + 2 + size, length: bytes.readUIntBE(at + 2, size) }
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

function base128(part: number): number[] {
  const groups = [part % 128]
  for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift(128 | (rest % 128))
  return groups
}
