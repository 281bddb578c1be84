import { expect, onTestFinished, test } from 'vitest'
import { startChild } from '../support/child.ts'
import { Condition } from '../support/condition.ts'
import { startSluice } from '../support/sluice.ts'

// DESIGN §1: the proof that comes with it, on the default address and with the real curl.

test('curl through port 9080 sees the server, its own request with the forwarding fields, and one event a second', async () => {
  const sluice = startSluice('serve', '--json')
  onTestFinished(() => sluice.close())
  expect(await sluice.line('listening')).toMatchObject({ url: 'http://127.0.0.1:9080' })

  const curl = startChild('curl', ['-sN', 'http://127.0.0.1:9080/.sse', '-H', 'Accept: text/event-stream'])
  onTestFinished(() => curl.close())
  const told = new Condition()
  curl.process.stdout?.on('data', () => told.changed())
  const third = 'id: 3\n'
  await told.until(
    () => curl.output().includes(third),
    () => curl.output(),
  )

  const events = curl
    .output()
    .split('\n\n')
    .map((block) => block.split('\n'))
  expect(events.slice(0, 5).map(([type]) => type)).toEqual(['event: server', 'event: request', 'event: time', 'event: time', 'event: time'])
  for (const line of [
    'data: GET /.sse HTTP/1.1',
    'data: Accept: text/event-stream',
    'data: X-Forwarded-For: 127.0.0.1',
    'data: X-Forwarded-Host: 127.0.0.1:9080',
    'data: X-Forwarded-Port: 9080',
    'data: X-Forwarded-Proto: http',
    'data: X-Real-IP: 127.0.0.1',
  ]) {
    expect(events[1]).toContain(line)
  }
  expect(events.slice(2, 5).map((block) => block.find((line) => line.startsWith('id')))).toEqual(['id: 1', 'id: 2', 'id: 3'])
})
