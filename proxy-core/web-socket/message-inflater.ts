import { constants, createInflateRaw } from 'node:zlib'
import type { InflateIssue } from '../contract/messages.ts'

/** What a message may grow to: more is not shown. */
const longestMessageBytes = 16_777_216
/** How far back a message may refer to those before it. */
const windowBytes = 32_768
/** RFC 7692 §7.2.2: the sender leaves out the end of the last block. */
const blockEnd = Buffer.from([0x00, 0x00, 0xff, 0xff])

/** What came out of a compressed message. */
export interface Inflated {
  readonly bytes: Buffer
  readonly issue: InflateIssue | null
}

/** Inflates the messages of one direction (RFC 7692 §7.2.2), one after the other, on the thread pool. */
export class MessageInflater {
  /** A message may refer to those before it. */
  readonly #keepsContext: boolean
  #window: Buffer = Buffer.alloc(0)
  #isLost = false

  constructor(keepsContext: boolean) {
    this.#keepsContext = keepsContext
  }

  /** What comes can't be inflated any more; false where each message stands by itself. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** A message is not inflated. */
  skip(): void {
    this.#isLost = this.#keepsContext
  }

  async inflate(message: Buffer): Promise<Inflated> {
    const { bytes, issue } = await inflateRaw(Buffer.concat([message, blockEnd]), this.#window)
    if (issue !== null) this.skip()
    else if (this.#keepsContext) this.#window = Buffer.from(Buffer.concat([this.#window, bytes]).subarray(-windowBytes))
    return { bytes, issue }
  }
}

function inflateRaw(bytes: Buffer, dictionary: Buffer): Promise<Inflated> {
  return new Promise((resolve) => {
    const engine = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, ...(dictionary.length > 0 ? { dictionary } : {}) })
    const parts: Buffer[] = []
    let length = 0
    const settle = (issue: InflateIssue | null): void => {
      engine.destroy()
      resolve({ bytes: Buffer.concat(parts, Math.min(length, longestMessageBytes)), issue })
    }
    engine.on('data', (part: Buffer) => {
      parts.push(part)
      length += part.length
      if (length > longestMessageBytes) settle('too-large')
    })
    engine.on('end', () => settle(null))
    engine.on('error', () => settle('invalid'))
    engine.end(bytes)
  })
}
