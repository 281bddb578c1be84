import zlib from 'node:zlib'
import type { Transform } from 'node:stream'
import { fieldValues } from './headers.ts'

/** Codings beyond this are a riddle, not a response. */
const codingLimit = 4

// RFC 9659 §3: a zstd window is at most 8 MB in HTTP; zlib would take 128.
const zstdWindowLogMax = 23

/** The codings of a body in the order in which they were applied (RFC 9110 §8.4), under their plain names; none when it is plain. */
export function contentCodings(raw: readonly string[]): readonly string[] {
  return fieldValues(raw, 'content-encoding')
    .flatMap((value) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .map((coding) => (coding === 'x-gzip' ? 'gzip' : coding))
}

/** The first of the codings that can't be undone here, or null. */
export function unknownCoding(codings: readonly string[]): string | null {
  return codings.find((coding, index) => index >= codingLimit || !isKnown(coding)) ?? null
}

/** An engine that undoes a coding. Its first bytes are given beforehand, because deflate comes in two forms. */
export function createDecodingEngine(coding: string, first: Uint8Array): Transform {
  switch (coding) {
    case 'gzip':
      return zlib.createGunzip()
    case 'br':
      return zlib.createBrotliDecompress()
    case 'zstd':
      return zlib.createZstdDecompress({ params: { [zlib.constants.ZSTD_d_windowLogMax]: zstdWindowLogMax } })
    default:
      // RFC 9110 §8.4.1.2: some send the bare deflate data. RFC 1950 §2.2: with its wrapper, the low half of the first byte is 8.
      return ((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()
  }
}

function isKnown(coding: string): boolean {
  // Node has zstd since 22.15 and 23.8. Its function may be a placeholder that something else has put there; its constants are not.
  if (coding === 'zstd') return 'ZSTD_d_windowLogMax' in zlib.constants
  return coding === 'gzip' || coding === 'deflate' || coding === 'br'
}
