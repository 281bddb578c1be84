import { expect, it } from 'vitest'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { Route } from '../../proxy-core/contract/route.ts'
import {
  errorLine,
  exchangeLabel,
  formatAge,
  formatAgo,
  formatBytes,
  formatClockMs,
  formatCount,
  formatShortCount,
  formatDuration,
  formatLimit,
  formatMebibytes,
  formatOffset,
  formatRate,
  matchWords,
  upstreamFailure,
  upstreamWords,
  verdictLabel,
} from '../../renderer/text.ts'

it.each([
  [0, '0 B'],
  [118, '118 B'],
  [999, '999 B'],
  [1000, '1.0 KB'],
  [12_400, '12.4 KB'],
  [999_949, '999.9 KB'],
  [999_950, '1.0 MB'],
  [3_000_000_000, '3.0 GB'],
])('%d bytes are written as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it.each([
  [-3, '+0.000'],
  [47.2, '+0.047'],
  [59_999.6, '+1:00.000'],
  [62_345, '+1:02.345'],
  [3_602_345, '+1:00:02.345'],
])('%d ms after a beginning are written as %s', (ms, text) => {
  expect(formatOffset(ms)).toBe(text)
})

it.each([
  [8192, '8 KiB'],
  [268_435_456, '256 MiB'],
  [1000, '1,000 B'],
  [1_099_511_627_776, '1 TiB'],
])('a limit of %d bytes is written as %s', (bytes, text) => {
  expect(formatLimit(bytes)).toBe(text)
})

it('the capture budget is written in whole mebibytes, and a little is not nothing', () => {
  expect([0, 1, 39_845_888, 268_435_456].map(formatMebibytes)).toEqual(['0', '<1', '38', '256'])
})

it.each([
  [0, '0.0 ms'],
  [0.4, '0.4 ms'],
  [9.97, '10 ms'],
  [312.4, '312 ms'],
  [999.6, '1.00 s'],
  [2412, '2.41 s'],
  [12_400, '12.4 s'],
  [125_000, '2 min 5 s'],
  [3_840_000, '1 h 4 min'],
  [180_000_000, '2 d 2 h'],
])('a duration of %d ms is written as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

it('an age has one decimal, so that it ticks evenly, and is never below zero', () => {
  expect([-3, 300, 1849, 59_949, 60_000].map(formatAge)).toEqual(['0.0 s', '0.3 s', '1.8 s', '59.9 s', '1 min 0 s'])
})

it('how long ago is rounded down', () => {
  expect([500, 4999, 60_000, 7_200_000, 90_000_000].map(formatAgo)).toEqual(['just now', '4 s ago', '1 min ago', '2 h ago', '1 d ago'])
})

it('counts have their thousands set apart', () => {
  expect([7, 999, 1000, 1_234_567].map(formatCount)).toEqual(['7', '999', '1,000', '1,234,567'])
  expect([12_345, 999_949, 999_950, 1_234_567, 12_345_678].map(formatShortCount)).toEqual(['12,345', '999,949', '1.0 M', '1.2 M', '12.3 M'])
})

it('a rate has a decimal only where it matters', () => {
  expect([0, 0.01, 1, 9.96, 42.4, 5012.3].map(formatRate)).toEqual(['0', '0', '1.0', '10', '42', '5,012'])
})

it('a time of day has milliseconds of three digits', () => {
  expect(formatClockMs(new Date(2026, 10, 20, 14, 2, 21, 58).getTime())).toBe('14:02:21.058')
})

it('a route is described by what it matches and where it leads', () => {
  const route = Route.parse({
    id: 'orders',
    match: { path: '/events', hosts: ['orders.localhost'], methods: ['GET'] },
    upstream: { nodes: [{ url: 'http://127.0.0.1:4010' }, { url: 'http://127.0.0.1:4011' }] },
  })
  expect(matchWords(route)).toBe('GET orders.localhost/events')
  expect(upstreamWords(route)).toBe('http://127.0.0.1:4010 +1')
  expect(upstreamWords(Route.parse({ id: 'demo', match: { path: '/.sse' }, upstream: 'demo:' }))).toBe('built-in demo')
})

it('an error is a line of running text: its first sentence, without capital and stop', () => {
  const message = 'The upstream 127.0.0.1:4010 refused the connection. Is it running, and on this port?'
  expect(errorLine({ code: 'upstream-unreachable', message })).toBe('the upstream 127.0.0.1:4010 refused the connection')
  expect(errorLine({ code: 'internal', message: '' })).toBe('a bug in the gateway')
  expect(errorLine({ code: 'upstream-untrusted', message: 'TLS failed.' })).toBe('TLS failed')
})

it('a route row does not repeat the address that stands above', () => {
  const route = Route.parse({ id: 'orders', match: { path: '/' }, upstream: 'http://127.0.0.1:4010' })
  const message = 'The upstream 127.0.0.1:4010 refused the connection. Is it running, and on this port?'
  expect(upstreamFailure({ code: 'upstream-unreachable', message }, route)).toBe('upstream refused the connection')
})

it('each verdict has its words and its colour', () => {
  const causes: [] = []
  const held = { type: 'held', longestHeldMs: 1800, largestReleaseBytes: 8192, holds: 1, by: null, causes } as const
  const bursty = {
    type: 'bursty-upstream',
    bursts: 6,
    largestBurstRows: 18,
    spreadMs: 1934,
    meanBurstBytes: 900,
    meanApartMs: null,
    waitMs: 0,
    causes,
  } as const
  expect(verdictLabel({ type: 'waiting' })).toEqual({ words: 'waiting for events', tone: 'neutral' })
  expect(verdictLabel({ type: 'passes', longestHeldMs: 0.4, longestStallMs: 0, causes })).toEqual({
    words: 'passes as it comes',
    tone: 'flow',
  })
  expect(verdictLabel(held)).toEqual({ words: 'held here, 1.8 s', tone: 'held' })
  expect(verdictLabel(bursty)).toEqual({ words: 'already bursty upstream', tone: 'neutral' })
  expect(verdictLabel({ type: 'idle-gap', longestGapMs: 42_000, since: null, endedBy: null, causes })).toEqual({
    words: 'idle gap, 42.0 s',
    tone: 'neutral',
  })
})

it('an exchange says what is held now before it says what was', () => {
  const exchange = {
    state: 'open',
    error: null,
    status: 200,
    oldestHeldAt: 10_000,
    verdict: { type: 'passes', longestHeldMs: 0.2, longestStallMs: 0, causes: [] },
  } as unknown as Exchange
  expect(exchangeLabel(exchange, 11_800)).toEqual({ words: 'held here, 1.8 s', tone: 'held' })
  expect(exchangeLabel({ ...exchange, oldestHeldAt: null }, 11_800).words).toBe('passes as it comes')
  expect(exchangeLabel({ ...exchange, oldestHeldAt: null, status: null }, 11_800).words).toBe('waiting for the upstream')
  const failed = { ...exchange, state: 'failed', error: { code: 'upstream-reset', message: '' } } as const
  expect(exchangeLabel(failed, 11_800)).toEqual({ words: 'upstream cut the connection', tone: 'bad' })
  expect(exchangeLabel({ ...exchange, state: 'aborted', error: { code: 'client-aborted', message: '' } }, 11_800).words).toBe('client left')
})
