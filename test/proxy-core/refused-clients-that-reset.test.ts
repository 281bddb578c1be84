// QUALITY H1: a client that resets its connection while it is being refused harms nobody but itself.
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { besideStream } from './support/stream-beside.ts'

const beside = besideStream((exchange) => exchange.answer('whole'))

const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'

test.for([
  ['CONNECT', 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n'],
  ['bytes that are no request', 'garbage\r\n\r\n'],
  ['an upgrade with an expectation that nobody knows', `GET / HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\n${upgrade}\r\n`],
  ['an upgrade for a foreign host', `GET / HTTP/1.1\r\nHost: evil.example\r\n${upgrade}\r\n`],
  ['a foreign host', 'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
])('%s', async ([, bytes]) => {
  for (let index = 0; index < 40; index++) await sendAndReset(bytes ?? '', index % 2 === 0)
  expect((await fetchWhole(`${beside.gateway.url}/after`)).text).toBe('whole')
})

/** Sends, and resets: at once, or when the first byte of an answer has come. */
async function sendAndReset(bytes: string, isAtOnce: boolean): Promise<void> {
  const { hostname, port } = new URL(beside.gateway.url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write(bytes)
  if (!isAtOnce) await new Promise((resolve) => socket.once('data', resolve))
  socket.write('and more')
  socket.resetAndDestroy()
  await closed
}
