/** A stretch of rows, `to` not included. */
export interface RowSpan {
  readonly from: number
  readonly to: number
}

/** What a scroll area over rows of one height measures, in pixels of the rows themselves. */
export interface RowGeometry {
  readonly count: number
  readonly rowPx: number
  readonly heightPx: number
}

/**
 * The tallest content that is laid out in full. Chromium stops at 33,554,428 px, and beyond 2^24 a float no longer tells pixels apart;
 * taller lists scroll by a scale.
 */
export const tallestContentPx = 15_000_000

/** How tall the scrolled content is made. */
export function contentPx({ count, rowPx }: RowGeometry): number {
  return Math.min(count * rowPx, tallestContentPx)
}

/** The last position of the first pixel on screen. */
export function lastTopPx({ count, rowPx, heightPx }: RowGeometry): number {
  return Math.max(0, count * rowPx - heightPx)
}

/** How many pixels of rows one pixel of scrolling is; 1 unless the rows are taller than what can be laid out. */
export function scrollScale(geometry: RowGeometry): number {
  const scrollable = contentPx(geometry) - geometry.heightPx
  return geometry.count * geometry.rowPx <= tallestContentPx || scrollable <= 0 ? 1 : lastTopPx(geometry) / scrollable
}

/** The rows that touch the screen, and some more on both sides. */
export function rowsInView({ count, rowPx, heightPx }: RowGeometry, topPx: number, overscan: number): RowSpan {
  const from = Math.min(count, Math.max(0, Math.floor(topPx / rowPx) - overscan))
  return { from, to: Math.max(from, Math.min(count, Math.ceil((topPx + heightPx) / rowPx) + overscan)) }
}

/** Where to scroll so that a row is in full view; the position it has now when it is already. */
export function topPxToReveal({ rowPx, heightPx }: RowGeometry, topPx: number, index: number): number {
  const start = index * rowPx
  if (start < topPx) return start
  return start + rowPx > topPx + heightPx ? start + rowPx - heightPx : topPx
}

/** The place of the reader: a row that stays the same row while others come and go, and how far it is scrolled past. */
export interface ReadingPlace {
  readonly key: number
  readonly pastPx: number
}

/** The reading place at a position. */
export function placeAt({ count, rowPx }: RowGeometry, topPx: number, keyAt: (index: number) => number): ReadingPlace | null {
  if (count === 0) return null
  const index = Math.min(count - 1, Math.floor(topPx / rowPx))
  return { key: keyAt(index), pastPx: topPx - index * rowPx }
}

/** Where the reading place is now, given where its row is. */
export function topPxOf(geometry: RowGeometry, place: ReadingPlace, indexOf: (key: number) => number): number {
  const topPx = indexOf(place.key) * geometry.rowPx + place.pastPx
  return Math.min(Math.max(0, topPx), lastTopPx(geometry))
}
