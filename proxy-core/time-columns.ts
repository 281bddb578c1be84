const mostColumns = 2048
const firstColumnMs = 1

/** How a column's number takes in another one. */
type Join = (one: number, other: number) => number

interface Series {
  readonly values: Float64Array
  readonly join: Join
  readonly empty: number
}

/**
 * Series of numbers over time in columns of one width, which doubles whenever the time no longer fits: a stream of any length takes
 * the same memory, and adding to it costs the same.
 */
export class TimeColumns {
  readonly #origin: number
  readonly #series: Series[] = []
  #columnMs = firstColumnMs
  #used = 0

  constructor(origin: number) {
    this.#origin = origin
  }

  get origin(): number {
    return this.#origin
  }

  /** How many columns have something in them, or before them. */
  get used(): number {
    return this.#used
  }

  get columnMs(): number {
    return this.#columnMs
  }

  /** A series in which a column has the sum of what was added to it. */
  sums(): number {
    return this.#addSeries((one, other) => one + other, 0)
  }

  /** A series in which a column has the largest number that was added to it, or NaN. */
  maxima(): number {
    return this.#addSeries((one, other) => (one >= other || Number.isNaN(other) ? one : other), Number.NaN)
  }

  add(series: number, at: number, value: number): void {
    const column = this.#columnOf(at)
    const { values, join, empty } = this.#seriesAt(series)
    values[column] = join(values[column] ?? empty, value)
  }

  /** A series in columns `factor` times as wide. */
  read(series: number, factor: number): Float64Array {
    const { values, join, empty } = this.#seriesAt(series)
    const wide = new Float64Array(Math.ceil(this.#used / factor)).fill(empty)
    for (let column = 0; column < this.#used; column++) {
      const into = Math.floor(column / factor)
      wide[into] = join(wide[into] ?? empty, values[column] ?? empty)
    }
    return wide
  }

  #seriesAt(series: number): Series {
    const found = this.#series[series]
    if (!found) throw new Error(`There is no series ${series}.`)
    return found
  }

  #addSeries(join: Join, empty: number): number {
    return this.#series.push({ values: new Float64Array(mostColumns).fill(empty), join, empty }) - 1
  }

  #columnOf(at: number): number {
    let column = Math.max(0, Math.floor((at - this.#origin) / this.#columnMs))
    while (column >= mostColumns) {
      this.#widen()
      column = Math.floor((at - this.#origin) / this.#columnMs)
    }
    if (column >= this.#used) this.#used = column + 1
    return column
  }

  #widen(): void {
    for (const { values, join, empty } of this.#series) {
      for (let column = 0; column < mostColumns / 2; column++) {
        values[column] = join(values[column * 2] ?? empty, values[column * 2 + 1] ?? empty)
      }
      values.fill(empty, mostColumns / 2)
    }
    this.#used = Math.ceil(this.#used / 2)
    this.#columnMs *= 2
  }
}
