import { z } from 'zod'
import type { ExchangeId } from './exchange.ts'

/**
 * The formats that exchanges are written in: HAR 1.2 with the events and both of their times; JSON Lines, a row a line, which can be read
 * again with its clocks; the body of one exchange as it came; its rows as a table.
 */
export const ExportFormat = z.enum(['har', 'jsonl', 'raw', 'csv'])
export type ExportFormat = z.output<typeof ExportFormat>

/** A file that is about to be written; its pieces are read one by one. */
export interface ExportStarted {
  readonly exportId: number
  readonly fileName: string
  readonly mediaType: string
}

/** The next bytes of a file that is written. */
export interface ExportPiece {
  readonly bytes: Uint8Array
  readonly isLast: boolean
}

/** What was read from a file. */
export interface Imported {
  readonly ids: readonly ExchangeId[]
  /** What of the file was left out, and why, in sentences. */
  readonly notes: readonly string[]
}

/** What one piece of a file that is read may hold. */
export const importPieceBytes = 1_048_576

/** One piece of a file that is read. */
export const ImportPiece = z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= importPieceBytes, {
  error: 'A piece of a file is at most 1 MiB of bytes.',
})
