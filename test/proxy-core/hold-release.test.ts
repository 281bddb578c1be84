import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { holdRig } from './support/hold-rig.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('what is held is released', () => {
  test('when so many bytes are held', () => {
    const { follow, push, sent, state } = holdRig(1000)
    follow('on', 10)
    push('12345678')
    expect([sent().toString(), state.held]).toEqual(['', 8])
    push('9ab')
    expect([sent().toString(), state.held]).toEqual(['123456789ab', 0])
  })

  test('so long after the oldest of it arrived, however much comes later', () => {
    const { follow, push, sent, state } = holdRig(1000)
    follow('on', null, 100)
    push('a')
    vi.advanceTimersByTime(60)
    push('b')
    vi.advanceTimersByTime(39)
    expect(sent().toString()).toBe('')
    vi.advanceTimersByTime(1)
    expect(sent().toString()).toBe('ab')
    expect(state.longestHeldMs).toBe(100)
  })

  test('when the body ends', () => {
    const { hold, follow, push, sent, state } = holdRig(1000)
    follow('on')
    push('whole')
    vi.advanceTimersByTime(100_000)
    expect(sent().toString()).toBe('')
    hold.finish()
    expect([sent().toString(), state.isFinished]).toEqual(['whole', true])
  })

  test('by hand, and what comes later is held again', () => {
    const { hold, follow, push, sent } = holdRig(1000)
    follow('on')
    push('now')
    hold.release()
    push('later')
    expect([sent().toString(), hold.heldBytes]).toEqual(['now', 5])
  })

  test('when it fills the memory, since nothing else could ever free it', () => {
    const { follow, push, sent, state } = holdRig(10)
    follow('on')
    push('0123456789')
    expect([sent().toString(), state.isPaused]).toEqual(['0123456789', false])
  })

  test('also when the memory was filled while a slow client took what was released before', () => {
    const { hold, state, follow, push, drain, sent } = holdRig(10)
    state.isStalling = true
    push('w')
    follow('on')
    push('r')
    hold.release()
    push('held bytes that fill it')
    expect(state.isPaused).toBe(true)
    drain()
    expect([sent().toString(), state.isPaused]).toEqual(['wrheld bytes that fill it', false])
  })
})

describe('the flip', () => {
  test('from on to off sends what is held first, at once and in order', () => {
    const { follow, push, sent } = holdRig(1000)
    follow('on')
    push('held,')
    follow('off')
    expect(sent().toString()).toBe('held,')
    push('passing')
    expect(sent().toString()).toBe('held,passing')
  })

  test('from off to on holds later bytes alone', () => {
    const { hold, follow, push, sent } = holdRig(1000)
    push('passed,')
    follow('on')
    push('held')
    expect([sent().toString(), hold.heldBytes]).toEqual(['passed,', 4])
  })

  test('to a smaller limit releases what is already over it', () => {
    const { follow, push, sent } = holdRig(1000)
    follow('on', 100)
    push('0123456789')
    follow('on', 5)
    expect(sent().toString()).toBe('0123456789')
  })
})

describe('backpressure', () => {
  test('off: the upstream waits as soon as the client’s socket takes no more, and goes on when it does', () => {
    const { state, push, drain } = holdRig(1000)
    state.isStalling = true
    push('a')
    expect(state.isPaused).toBe(true)
    drain()
    expect([state.isPaused, state.left]).toEqual([false, 1])
  })

  test('on: the upstream is read ahead of a slow client until the memory is full', () => {
    const { state, follow, push } = holdRig(10)
    state.isStalling = true
    follow('on', 1)
    push('a')
    push('b')
    expect(state.isPaused).toBe(false)
    push('0123456789')
    expect(state.isPaused).toBe(true)
  })
})

test('a client that leaves frees everything', () => {
  const { hold, follow, push, sent, state } = holdRig(1000)
  follow('on', null, 50)
  push('never')
  hold.abandon()
  vi.advanceTimersByTime(1000)
  expect([sent().length, hold.pendingBytes, state.held, vi.getTimerCount()]).toEqual([0, 0, 0, 0])
})
