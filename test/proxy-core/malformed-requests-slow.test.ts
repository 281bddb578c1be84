// QUALITY H1: a head that does not come to its end is answered with 408, however much of it trickles in.
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

test('slow heads end with 408 and a closed connection, and nothing goes upstream', { timeout: 30_000 }, async () => {
  const upstream = await startUpstream((exchange) => exchange.answer('ok'))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)] })
  onTestFinished(() => gateway.close())
  const { port } = new URL(gateway.url)

  const slow = (start: string, trickle: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = ''
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(start)
      const timer = setInterval(() => void (trickle === '' || socket.write(trickle)), 500)
      socket.on('data', (bytes: Buffer) => (answer += bytes.toString())).on('error', reject)
      socket.on('end', () => {
        clearInterval(timer)
        resolve(answer)
      })
    })

  const answers = await Promise.all([
    slow('GET /', ''),
    slow('GET /', 'a'),
    slow('GET / HTTP/1.1\r\nHost: localhost\r\n', 'X-Slow: 1\r\n'),
    slow('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n', ''),
  ])
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(answer).toContain('"code":"request-timeout"')
  }
  expect(upstream.exchanges).toHaveLength(0)
})
