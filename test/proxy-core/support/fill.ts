import { randomFillSync } from 'node:crypto'
import type { UpstreamExchange } from '../../support/upstream-exchange.ts'
import { spanOf } from './measure.ts'

const stepBytes = 262_144
/** A write that is not taken for so long is stuck. */
const stuckMs = 150

/** Sends random bytes in chunks until they are not taken any more, at most so many; the result is all that was sent. */
export async function fillUntilStuck(exchange: UpstreamExchange, maxBytes: number): Promise<Buffer> {
  const sent: Buffer[] = []
  for (let bytes = 0; bytes < maxBytes; bytes += stepBytes) {
    const chunk = randomFillSync(Buffer.allocUnsafe(stepBytes))
    sent.push(chunk)
    const isTaken = await Promise.race([exchange.chunk(chunk).then(() => true), spanOf(stuckMs).then(() => false)])
    if (!isTaken) break
  }
  return Buffer.concat(sent)
}
