import { useMemo } from 'react'
import { fitColumns, type Column, type TableLayout } from './table-columns.ts'

/** The columns that fit into a width, the same object until something about them changes. */
export function useTableLayout<Id extends string>(
  columns: readonly Column<Id>[],
  widthPx: number,
  hidden: readonly string[] | undefined,
): TableLayout<Id> {
  return useMemo(() => fitColumns(columns, widthPx, hidden), [columns, widthPx, hidden])
}
