import type { Argument } from '../../proxy-core/contract/commands.ts'
import type { Assembled } from '../../proxy-core/contract/assembled.ts'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { errorMessage } from './error-message.ts'
import { PacedAsk } from './paced-ask.ts'
import { Watched } from './watched.ts'

type Question = Pick<Argument<'exchange.assembled'>, 'from'>

/** Follows the assembled text of one stream: asks for what is new whenever rows came or left, and keeps the texts as they grow. */
export class AssembledReader extends Watched {
  assembled: Assembled | null = null
  error: string | null = null
  #texts: string[] = []
  #seen = ''
  readonly #ask: PacedAsk<Question, Assembled>

  constructor(ask: (question: Question) => Promise<Assembled>, leastMsBetween: number) {
    super()
    this.#ask = new PacedAsk({
      ask,
      take: (assembled) => this.#take(assembled),
      fail: (error) => {
        this.error = errorMessage(error)
        this.changed()
      },
      leastMsBetween,
    })
  }

  /** The text of a number; empty for none. */
  text(number: number | null): string {
    return number === null ? '' : (this.#texts[number] ?? '')
  }

  /** Tells how far the stream has come. */
  see({ rows, leftRows, state }: Pick<Exchange, 'rows' | 'leftRows' | 'state'>): void {
    this.#ask.resume()
    const seen = `${rows} ${leftRows} ${state}`
    if (seen === this.#seen) return
    this.#seen = seen
    this.#askOn()
  }

  stop(): void {
    this.#seen = ''
    this.#ask.stop()
  }

  #askOn(): void {
    const { assembled } = this
    this.#ask.want({
      from: assembled && {
        assembly: assembled.assembly,
        lengths: Array.from(this.#texts, (text) => (text as string | undefined)?.length ?? 0),
      },
    })
  }

  #take(assembled: Assembled): void {
    if (assembled.assembly !== this.assembled?.assembly) this.#texts = []
    for (const { text, offset, tail } of assembled.texts) this.#texts[text] = (this.#texts[text] ?? '').slice(0, offset) + tail
    this.assembled = assembled
    this.error = null
    this.changed()
    if (!assembled.isGivenUp && assembled.readRows < assembled.totalRows) this.#askOn()
  }
}
