import { constants, createDeflateRaw, deflateRawSync, type DeflateRaw } from 'node:zlib'

/** Compresses the messages of one direction as RFC 7692 §7.2.1 has it, with zlib: each by itself, or referring to those before it. */
export class MessageDeflater {
  readonly #engine: DeflateRaw | null
  readonly #windowBits: number
  #parts: Buffer[] = []

  constructor({ keepsContext, windowBits = 15 }: { readonly keepsContext: boolean; readonly windowBits?: number }) {
    this.#windowBits = windowBits
    this.#engine = keepsContext ? createDeflateRaw({ windowBits }) : null
    this.#engine?.on('data', (part: Buffer) => this.#parts.push(part))
  }

  async deflate(message: Buffer): Promise<Buffer> {
    const engine = this.#engine
    if (engine === null) {
      return deflateRawSync(message, { windowBits: this.#windowBits, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
    }
    engine.write(message)
    await new Promise<void>((resolve) => engine.flush(constants.Z_SYNC_FLUSH, resolve))
    const bytes = Buffer.concat(this.#parts)
    this.#parts = []
    return bytes.subarray(0, -4)
  }
}
