import type { HoldRoom } from '../../../proxy-core/hold-queue.ts'
import { Hold } from '../../../proxy-core/hold.ts'

/** A hold with a client's socket that takes all, or, while it stalls, nothing more after one write until it is drained. */
export function holdRig(memoryBytes: number, openSpool: HoldRoom['openSpool'] = null) {
  const sent: Buffer[] = []
  const state = {
    isStalling: false,
    isBlocked: false,
    isPaused: false,
    left: 0,
    isFinished: false,
    isLost: false,
    held: 0,
    longestHeldMs: 0,
  }
  const hold = new Hold(
    {
      write(chunk) {
        if (state.isBlocked) throw new Error('written to while blocked')
        sent.push(chunk)
        state.isBlocked = state.isStalling
      },
      get isBlocked() {
        return state.isBlocked
      },
    },
    {
      left: (bytes) => (state.left += bytes),
      blocked: () => {
        if (!state.isBlocked) throw new Error('told of a wait that there is not')
      },
      released: (_bytes, heldMs) => (state.longestHeldMs = Math.max(state.longestHeldMs, heldMs)),
      heldChanged: (heldBytes) => (state.held = heldBytes),
      throttle: (isPaused) => (state.isPaused = isPaused),
      finished: () => (state.isFinished = true),
      lost: () => (state.isLost = true),
    },
    { room: { memoryBytes, openSpool }, now: () => Date.now() },
  )
  return {
    hold,
    state,
    sent: () => Buffer.concat(sent),
    push: (text: string) => hold.push(Buffer.from(text), Date.now()),
    follow: (mode: 'off' | 'on', holdBytes: number | null = null, holdMs: number | null = null) =>
      hold.follow({ at: 0, reason: 'route', mode, holdBytes, holdMs }),
    drain: () => {
      state.isStalling = false
      if (!state.isBlocked) return
      state.isBlocked = false
      hold.drained()
    },
  }
}
