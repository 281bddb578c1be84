import type { ExportFormat } from '../../proxy-core/contract/exchange-files.ts'
import type { RowKind } from '../../proxy-core/contract/exchange.ts'

/** A way to save exchanges, and what it is called where the rows are of a kind. */
export interface ExportWay {
  readonly format: ExportFormat
  readonly isForOne: boolean
  readonly label: (kind: RowKind) => string
}

/** The ways to save exchanges; some hold one exchange alone. */
export const exportWays: readonly ExportWay[] = [
  { format: 'har', isForOne: false, label: () => 'HAR 1.2' },
  { format: 'jsonl', isForOne: false, label: () => 'JSON Lines, with both clocks' },
  { format: 'csv', isForOne: true, label: () => 'Table of rows (CSV)' },
  {
    format: 'raw',
    isForOne: true,
    label: (kind) => (kind === 'event' ? 'Event stream (.sse)' : kind === 'message' ? 'What was said (.txt)' : 'Body'),
  },
]
