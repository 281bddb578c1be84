import type { RowKind } from './contract/exchange.ts'
import type { RowType } from './row-index.ts'
import { EventScanner, type ScanStart } from './sse/event-scanner.ts'
import { LineScanner } from './sse/line-scanner.ts'

/** What finds the rows of a body, or null where each chunk is one. */
export function createScanner(
  rowKind: RowKind,
  start: ScanStart,
  addRow: (start: number, end: number, type: RowType) => void,
): EventScanner | LineScanner | null {
  if (rowKind === 'event') return new EventScanner(addRow, start)
  return rowKind === 'line' ? new LineScanner((from, end) => addRow(from, end, 'line'), start) : null
}
