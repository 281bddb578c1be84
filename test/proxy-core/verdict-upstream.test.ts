import { describe, expect, test } from 'vitest'
import { eventOf, PacedStream, type StreamOptions } from './support/paced-stream.ts'

const event = eventOf(140)
const burst = event.repeat(20)

describe('a stream passes as it comes', () => {
  test.each([
    ['an event a second', 1000, event],
    ['a token every 30 ms', 30, event],
    ['2,000 tokens a second', 0.5, event],
    ['two events at a time', 50, event.repeat(2)],
  ])('%s', (_, ms, text) => {
    const stream = new PacedStream()
    stream.arriveEvery(ms, 200, text, 800)
    expect(stream.verdict()).toMatchObject({ type: 'passes', causes: [] })
    expect(stream.ended()).toMatchObject({ type: 'passes', causes: [] })
  })

  test('though it opens with several events at once, as LLM servers do', () => {
    const stream = new PacedStream()
    stream.arrive(900, event.repeat(4))
    stream.arriveEvery(25, 60, event, 900)
    stream.arrive(2500, event.repeat(3))
    expect(stream.ended()).toMatchObject({ type: 'passes' })
  })

  test('though it began with what had happened before, at once, and is quiet since', () => {
    const stream = new PacedStream()
    stream.arrive(20, event.repeat(50))
    expect(stream.verdict()).toMatchObject({ type: 'passes' })
    stream.arrive(1500, event)
    expect(stream.verdict()).toMatchObject({ type: 'passes' })
  })

  test('though some of its events came together, among many that did not', () => {
    const stream = new PacedStream()
    stream.arriveEvery(40, 100, event)
    for (let index = 0; index < 3; index++) stream.arrive(5000 + index * 500, event.repeat(10))
    stream.arriveEvery(40, 100, event, 7000)
    expect(stream.ended()).toMatchObject({ type: 'passes' })
  })

  test('when the thinking is over it comes fast, for 3 s', () => {
    const stream = new PacedStream()
    stream.arriveEvery(0.6, 500, event, 3000)
    stream.arriveEvery(0.6, 500, event, 9000)
    expect(stream.ended()).toMatchObject({ type: 'passes' })
  })

  test('when it is a file that comes in pieces of one size', () => {
    const stream = new PacedStream({ rowKind: 'chunk', contentType: 'application/zip', framing: 'length' })
    stream.arriveEvery(200, 30, 'x'.repeat(65_536))
    expect(stream.ended()).toMatchObject({ type: 'passes', causes: [] })
  })

  test('when an ordinary answer takes its time and then comes at once', () => {
    const stream = new PacedStream({ rowKind: 'chunk', contentType: 'application/json', framing: 'length', contentLength: 50_000 })
    stream.arriveEvery(0.1, 10, 'x'.repeat(5000), 2000)
    expect(stream.ended()).toMatchObject({ type: 'passes', causes: [] })
  })
})

describe('a stream is bursty already upstream', () => {
  test('when its events come in bursts, far apart', () => {
    const stream = new PacedStream()
    stream.arriveEvery(1100, 12, burst)
    expect(stream.verdict()).toMatchObject({
      type: 'bursty-upstream',
      bursts: 12,
      largestBurstRows: 20,
      meanBurstBytes: 2800,
      meanApartMs: 1100,
      spreadMs: 12_100,
      causes: [],
    })
  })

  test('until single events outweigh the bursts', () => {
    const stream = new PacedStream()
    stream.arriveEvery(500, 4, burst)
    expect(stream.verdict().type).toBe('bursty-upstream')
    stream.arriveEvery(500, 30, event, 2000)
    expect(stream.verdict().type).toBe('passes')
  })

  test('when a burst is read in several pieces', () => {
    const stream = new PacedStream()
    for (let index = 1; index <= 5; index++) stream.arriveEvery(0.3, 20, event, index * 1000)
    expect(stream.verdict()).toMatchObject({ type: 'bursty-upstream', bursts: 5, largestBurstRows: 20 })
  })

  test('when all of it comes at the end', () => {
    const stream = new PacedStream()
    stream.arrive(3200, burst)
    expect(stream.ended(3202)).toMatchObject({
      type: 'bursty-upstream',
      bursts: 1,
      meanApartMs: null,
      spreadMs: 0,
      waitMs: 3200,
      causes: [{ type: 'burst-at-end', rows: 20, waitMs: 3200, beforeEndMs: 2 }],
    })
  })

  test('when nearly all of it comes at the end, behind a comment that opened it', () => {
    const stream = new PacedStream()
    stream.arrive(5, ': ok\n\n')
    stream.arrive(3200, burst)
    expect(stream.ended(3201)).toMatchObject({ type: 'bursty-upstream', waitMs: 3195, causes: [{ type: 'burst-at-end' }] })
  })

  test('but not after an upload that took as long', () => {
    const stream = new PacedStream()
    stream.evidence.sentAt = 3150
    stream.arrive(3200, burst)
    expect(stream.ended(3201).type).toBe('passes')
  })
})

describe('what Sluice itself made the upstream wait for says nothing about it', () => {
  test('bursts that come when it may go on', () => {
    const stream = new PacedStream()
    stream.arriveEvery(1000, 20, event)
    for (let from = 21_000; from < 26_000; from += 1000) {
      stream.tap.pace.throttled(true, from - 500)
      stream.tap.pace.throttled(false, from)
      stream.arrive(from + 1, burst)
    }
    expect(stream.verdict()).toMatchObject({ type: 'passes' })
  })

  test('a silence while it had to wait', () => {
    const stream = new PacedStream()
    stream.arriveEvery(100, 20, event)
    stream.tap.pace.throttled(true, 2000)
    expect(stream.ended(62_000, 'failed')).toMatchObject({ type: 'passes' })
    stream.tap.pace.throttled(false, 62_000)
    stream.arriveEvery(100, 20, event, 62_000)
    expect(stream.verdict()).toMatchObject({ type: 'passes' })
  })

  test('a wait that nobody notices excuses nothing', () => {
    const stream = new PacedStream()
    for (let from = 1000; from < 6000; from += 1000) {
      stream.arrive(from, burst)
      stream.tap.pace.throttled(true, from)
      stream.tap.pace.throttled(false, from + 2)
      stream.arrive(from + 3, burst)
    }
    expect(stream.verdict()).toMatchObject({ type: 'bursty-upstream', bursts: 5, largestBurstRows: 40 })
  })
})

describe('the cause is told from the bytes', () => {
  test.each([4096, 8192, 16_384, 32_768])('blocks of %i bytes, whatever the events are', (size) => {
    const stream = new PacedStream()
    arriveInBlocks(stream, size, 12)
    expect(stream.verdict()).toMatchObject({
      type: 'bursty-upstream',
      causes: [{ type: 'buffer-steps', stepBytes: size, fits: 11, bursts: 11 }],
    })
  })

  test('blocks that carried the framing of chunks, and two at once now and then', () => {
    const stream = new PacedStream()
    const text = eventOf(141).repeat(1000)
    const ends = [3900, 7800, 15_800, 19_750, 23_640, 31_500, 35_400]
    ends.forEach((end, index) => stream.arrive((index + 1) * 700, text.slice(ends[index - 1] ?? 0, end)))
    expect(stream.verdict()).toMatchObject({ causes: [{ type: 'buffer-steps', stepBytes: 4096 }] })
  })

  test('blocks of events that are larger than a block', () => {
    const stream = new PacedStream()
    const text = eventOf(10_001).repeat(10)
    for (let index = 0; index < 12; index++) stream.arrive((index + 1) * 500, text.slice(index * 4096, (index + 1) * 4096))
    expect(stream.verdict()).toMatchObject({ type: 'bursty-upstream', bursts: 12, causes: [{ type: 'buffer-steps', stepBytes: 4096 }] })
  })

  test('but a server that sends batches of whole events has no buffer, though their size is near one', () => {
    const stream = new PacedStream()
    stream.arriveEvery(1000, 12, eventOf(200).repeat(20))
    expect(stream.verdict()).toMatchObject({ type: 'bursty-upstream', causes: [] })
  })

  test('text that is called nothing in particular comes in blocks too', () => {
    const stream = new PacedStream({ rowKind: 'chunk', contentType: 'text/plain' })
    stream.arriveEvery(1000, 6, 'x'.repeat(4096))
    expect(stream.verdict()).toMatchObject({ type: 'bursty-upstream', bursts: 6, causes: [{ type: 'buffer-steps', stepBytes: 4096 }] })
  })

  test('bursts 200 ms apart in a fast stream are a corked socket', () => {
    const stream = new PacedStream()
    stream.arriveEvery(207, 10, event.repeat(10))
    expect(stream.verdict()).toMatchObject({ type: 'bursty-upstream', causes: [{ type: 'send-delay', delayMs: 200 }] })
    const fewTogether = new PacedStream()
    fewTogether.arriveEvery(230, 10, event.repeat(4))
    expect(fewTogether.verdict()).toMatchObject({ type: 'bursty-upstream', causes: [] })
    const slower = new PacedStream()
    slower.arriveEvery(300, 10, event.repeat(10))
    expect(slower.verdict()).toMatchObject({ type: 'bursty-upstream', causes: [] })
  })
})

describe('the cause is told from the head', () => {
  test.each<[StreamOptions, unknown]>([
    [{ contentEncoding: 'gzip' }, { type: 'compressed', coding: 'gzip' }],
    [
      { framing: 'length', contentLength: 2800 },
      { type: 'content-length', bytes: 2800 },
    ],
    [{ framing: 'close' }, { type: 'close-delimited' }],
  ])('%o', (head, cause) => {
    const bursty = new PacedStream(head)
    bursty.arrive(3000, burst)
    expect(bursty.verdict()).toMatchObject({ type: 'bursty-upstream', causes: [cause] })
    const smooth = new PacedStream(head)
    smooth.arriveEvery(100, 30, event)
    expect(smooth.verdict()).toMatchObject({ type: 'passes', causes: [] })
  })

  test.each([null, 'text/plain', 'application/octet-stream'])('an event stream that is called %s', (contentType) => {
    const stream = new PacedStream({ rowKind: 'chunk', contentType })
    stream.arrive(100, ': hello\n\nid: 1\nda')
    expect(stream.verdict()).toMatchObject({ causes: [] })
    stream.arrive(150, 'ta: x\n\n')
    expect(stream.verdict()).toMatchObject({ type: 'passes', causes: [{ type: 'content-type', contentType }] })
  })

  test('text that only speaks of data is no event stream', () => {
    const stream = new PacedStream({ rowKind: 'chunk', contentType: 'text/plain' })
    stream.arrive(100, 'The data: it came.\nid: 1\ndata: x\n')
    expect(stream.verdict()).toMatchObject({ type: 'passes', causes: [] })
  })
})

describe('a silence', () => {
  test.each([
    [30_400, 30_000],
    [60_112, 60_000],
    [58_200, 60_000],
    [301_000, 300_000],
  ])('of %i ms before the upstream cut the stream is near a timeout of %i ms', (silenceMs, timeoutMs) => {
    const stream = new PacedStream()
    stream.arriveEvery(1000, 10, event)
    expect(stream.ended(10_000 + silenceMs, 'failed')).toEqual({
      type: 'idle-gap',
      longestGapMs: silenceMs,
      since: null,
      endedBy: 'upstream',
      causes: [{ type: 'idle-timeout', timeoutMs, gapMs: silenceMs }],
    })
  })

  test('that is like no timeout has no cause', () => {
    const stream = new PacedStream()
    stream.arriveEvery(1000, 10, event)
    expect(stream.abandoned(55_000)).toEqual({ type: 'idle-gap', longestGapMs: 45_000, since: null, endedBy: 'client', causes: [] })
  })

  test('in the midst is told while the stream goes on', () => {
    const stream = new PacedStream()
    stream.arriveEvery(1000, 10, event)
    stream.arriveEvery(1000, 10, event, 50_000)
    expect(stream.verdict()).toMatchObject({ type: 'idle-gap', longestGapMs: 41_000, since: null, endedBy: null, causes: [] })
  })

  test('that is the rhythm of the stream is none', () => {
    const stream = new PacedStream()
    stream.arriveEvery(30_000, 20, event)
    expect(stream.verdict()).toMatchObject({ type: 'passes' })
    expect(stream.ended(20 * 30_000 + 25_000)).toMatchObject({ type: 'passes' })
  })
})

test('before the first row the stream is waited for', () => {
  const stream = new PacedStream()
  expect(stream.verdict(1)).toEqual({ type: 'waiting' })
  stream.arrive(5, 'data: not yet')
  expect(stream.verdict()).toEqual({ type: 'waiting' })
})

/** Events as a buffer of one size hands them on. */
function arriveInBlocks(stream: PacedStream, size: number, blocks: number): void {
  const text = eventOf(141).repeat(Math.ceil((size * blocks) / 141))
  for (let index = 0; index < blocks; index++) stream.arrive((index + 1) * 1000, text.slice(index * size, (index + 1) * size))
}
