/** A number that someone typed: its value, or null where it is empty; undefined where it is not one. */
export type Quantity = number | null | undefined

const byteUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kib: 1024,
  m: 1_048_576,
  mib: 1_048_576,
  g: 1_073_741_824,
  gib: 1_073_741_824,
  kb: 1000,
  mb: 1_000_000,
  gb: 1_000_000_000,
}

const msUnits: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

/** Reads a size: `8192`, `8 KiB`, `8k`, `1.5 MB`. */
export function readBytes(text: string): Quantity {
  return read(text, byteUnits)
}

/** Reads a duration in milliseconds: `100`, `100 ms`, `1.5 s`, `2 min`. */
export function readMs(text: string): Quantity {
  return read(text, msUnits)
}

/** Writes a duration so that `readMs` reads it back: `100 ms`, `10 s`, `5 min`. */
export function writeMs(ms: number): string {
  if (ms === 0) return '0'
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`
  if (ms % 60_000 === 0) return `${ms / 60_000} min`
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`
}

/** Writes a size so that `readBytes` reads it back: `8 KiB`, `1000 B`. */
export function writeBytes(bytes: number): string {
  for (const [unit, name] of [
    [1_073_741_824, 'GiB'],
    [1_048_576, 'MiB'],
    [1024, 'KiB'],
  ] as const) {
    if (bytes > 0 && bytes % unit === 0) return `${bytes / unit} ${name}`
  }
  return bytes === 0 ? '0' : `${bytes} B`
}

function read(text: string, units: Readonly<Record<string, number>>): Quantity {
  const trimmed = text.trim().toLowerCase()
  if (trimmed === '') return null
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(trimmed) ?? []
  const factor = unit === undefined ? undefined : units[unit]
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor)
}
