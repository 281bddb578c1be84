/** A column of a table of rows. */
export interface Column<Id extends string = string> {
  readonly id: Id
  readonly title: string
  /** Its width; of the one that `grows`, the least it may shrink to. */
  readonly widthPx: number
  readonly grows?: boolean
  readonly alignsEnd?: boolean
  /** Where there is no room, the lowest rank goes first; without a rank it always stays. */
  readonly rank?: number
}

/** The columns that fit, and the grid that lays them out. */
export interface TableLayout<Id extends string = string> {
  readonly columns: readonly Column<Id>[]
  readonly template: string
}

/** Space between two columns, and before the first and after the last. */
export const columnGapPx = 12

/** Picks the columns that fit into a width, dropping those of least use first, and never those that always stay. */
export function fitColumns<Id extends string>(
  all: readonly Column<Id>[],
  widthPx: number,
  hidden: readonly string[] = [],
): TableLayout<Id> {
  let columns = all.filter((column) => !hidden.includes(column.id))
  while (neededPx(columns) > widthPx) {
    const ranks = columns.flatMap(({ rank }) => (rank === undefined ? [] : [rank]))
    if (ranks.length === 0) break
    const least = Math.min(...ranks)
    columns = columns.filter(({ rank }) => rank !== least)
  }
  return { columns, template: columns.map(trackOf).join(' ') }
}

function neededPx(columns: readonly Column[]): number {
  return columns.reduce((total, { widthPx }) => total + widthPx + columnGapPx, columnGapPx)
}

function trackOf({ widthPx, grows }: Column): string {
  // The rem keeps a column as wide as its text when the text is scaled; the growing one may shrink to nothing rather than overlap.
  return grows ? 'minmax(0, 1fr)' : `${widthPx / 16}rem`
}
