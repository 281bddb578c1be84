import { useMemo } from 'react'
import { useView } from '../state/view-store.ts'
import { fitColumns, type Column, type TableLayout } from './table-columns.ts'

/** The columns that fit into a width, the same object until something about them changes; `table` is where choices are kept. */
export function useTableLayout<Id extends string>(columns: readonly Column<Id>[], widthPx: number, table: string): TableLayout<Id> {
  const hidden = useView((view) => view.hiddenColumns[table])
  const widthsPx = useView((view) => view.columnWidths[table])
  return useMemo(() => fitColumns(columns, widthPx, choices(hidden, widthsPx)), [columns, widthPx, hidden, widthsPx])
}

function choices(hidden: readonly string[] | undefined, widthsPx: Readonly<Record<string, number>> | undefined) {
  return { ...(hidden === undefined ? {} : { hidden }), ...(widthsPx === undefined ? {} : { widthsPx }) }
}
