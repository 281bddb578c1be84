/** Beyond this, one of the clocks was set; below it, a message was late. */
const setFromMs = 250
/** A message takes its time, so that the quickest tells best; what it told is let go of this slowly. */
const decayMs = 1

let aheadMs = 0

/**
 * The time by the gateway's clock, which all times of exchanges are told in. That clock counts steadily while the window's is set by the
 * system: over days, or when somebody sets it, they part.
 */
export function gatewayNow(): number {
  return Date.now() + aheadMs
}

/** The gateway says what time it has. */
export function heardGatewayTime(at: number): void {
  const heardMs = at - Date.now()
  const wasSet = Math.abs(heardMs - aheadMs) > setFromMs
  aheadMs = wasSet ? heardMs : Math.max(heardMs, aheadMs - decayMs)
}
