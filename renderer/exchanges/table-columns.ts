/** A column of a table of rows. */
export interface Column<Id extends string = string> {
  readonly id: Id
  readonly title: string
  /** Its width; of the one that `grows`, the least it may shrink to. */
  readonly widthPx: number
  readonly grows?: boolean
  /** How wide it becomes by itself where the one that `grows` has plenty of room. */
  readonly widestPx?: number
  readonly alignsEnd?: boolean
  /** Its title sorts the rows. */
  readonly sorts?: boolean
  /** Where there is no room, the lowest rank goes first; without a rank it always stays. */
  readonly rank?: number
}

/** The columns that fit, and the grid that lays them out. */
export interface TableLayout<Id extends string = string> {
  readonly columns: readonly Column<Id>[]
  readonly template: string
}

/** What a person made of a table's columns. */
export interface ColumnChoices {
  readonly hidden?: readonly string[]
  /** Widths by column, at the usual size of text. */
  readonly widthsPx?: Readonly<Record<string, number>>
}

/** Space between two columns, and before the first. */
export const columnGapPx = 12
/** Space behind the last column, where the button of the column menu stands. */
const endPx = 28
export const narrowestPx = 32
/** With this much room the column that grows shares what is left with others. */
const plentyPx = 480

/**
 * Picks the columns that fit into a width, dropping those of least use first, and never those that always stay.
 * Where even these have no room, their chosen widths count for nothing; where there is room to spare, columns whose width
 * nobody chose become wider too.
 */
export function fitColumns<Id extends string>(
  all: readonly Column<Id>[],
  widthPx: number,
  { hidden = [], widthsPx = {} }: ColumnChoices = {},
): TableLayout<Id> {
  let columns = all
    .filter((column) => column.grows || !hidden.includes(column.id))
    .map((column) => ({ ...column, widthPx: (column.grows ? undefined : widthsPx[column.id]) ?? column.widthPx }))
  while (neededPx(columns) > widthPx) {
    const ranks = columns.flatMap(({ rank }) => (rank === undefined ? [] : [rank]))
    if (ranks.length === 0) {
      columns = columns.map((column) => all.find(({ id }) => id === column.id) ?? column)
      break
    }
    const least = Math.min(...ranks)
    columns = columns.filter(({ rank }) => rank !== least)
  }
  const shared = shareSpare(columns, widthPx, widthsPx)
  return { columns: shared, template: shared.map(trackOf).join(' ') }
}

function shareSpare<Id extends string>(
  columns: readonly Column<Id>[],
  widthPx: number,
  widthsPx: Readonly<Record<string, number>>,
): readonly Column<Id>[] {
  const growing = columns.find(({ grows }) => grows)
  const wanted = (column: Column<Id>) => (widthsPx[column.id] === undefined ? Math.max(0, (column.widestPx ?? 0) - column.widthPx) : 0)
  const wantedPx = columns.reduce((total, column) => total + wanted(column), 0)
  const givenPx = Math.min(wantedPx, widthPx - neededPx(columns) - Math.max(0, plentyPx - (growing?.widthPx ?? 0)))
  if (givenPx <= 0) return columns
  return columns.map((column) => {
    const morePx = Math.floor((wanted(column) * givenPx) / wantedPx)
    return morePx === 0 ? column : { ...column, widthPx: column.widthPx + morePx }
  })
}

/** How much wider a column may become before another one has to go. */
export function sparePx(columns: readonly Column[], widthPx: number): number {
  return Math.max(0, widthPx - neededPx(columns))
}

function neededPx(columns: readonly Column[]): number {
  return columns.reduce((total, { widthPx }) => total + widthPx + columnGapPx, endPx)
}

function trackOf({ widthPx, grows }: Column): string {
  // The rem keeps a column as wide as its text when the text is scaled; the growing one may shrink to nothing rather than overlap.
  return grows ? 'minmax(0, 1fr)' : `${widthPx / 16}rem`
}
