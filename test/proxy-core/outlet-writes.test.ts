import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { Outlet } from '../../proxy-core/outlet.ts'

/** Answers one request through an outlet; `seen` is done when the client has read something. Returns what the client read, and how many writes the socket was given. */
async function answer(work: (outlet: Outlet, seen: Promise<void>) => void): Promise<{ readonly bytes: Buffer; readonly writes: number }> {
  let writes = 0
  let hasSeen = (): void => {}
  const seen = new Promise<void>((resolve) => (hasSeen = resolve))
  const server = createServer((request, response) => {
    const { socket } = request
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
    socket.write = ((...args: unknown[]) => {
      writes++
      return write(...args)
    }) as Socket['write']
    response.sendDate = false
    response.shouldKeepAlive = false
    work(new Outlet(response, socket), seen)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const parts: Buffer[] = []
  for await (const part of client) {
    parts.push(part as Buffer)
    hasSeen()
  }
  server.close()
  return { bytes: Buffer.concat(parts), writes }
}

const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const head = (fields: string) => Buffer.from(`HTTP/1.1 200 OK\r\nX-Byte: \u00e9\r\n${fields}Connection: close\r\n\r\n`, 'latin1')

test('a head and a small body that are here together leave by one write, and every byte is what it was', async () => {
  const { bytes, writes } = await answer((outlet) => {
    outlet.writeHead(200, 'OK', ['X-Byte', '\u00e9', 'Content-Length', '256'], true)
    outlet.write(allBytes)
    outlet.end([])
  })
  expect(bytes).toEqual(Buffer.concat([head('Content-Length: 256\r\n'), allBytes]))
  expect(writes).toBe(1)
})

test('with chunks the head leaves with the first, and the end behind it', async () => {
  const { bytes, writes } = await answer((outlet) => {
    outlet.writeHead(200, 'OK', ['X-Byte', '\u00e9', 'Transfer-Encoding', 'chunked'], true)
    outlet.write(allBytes)
    outlet.end([])
  })
  const framed = Buffer.concat([Buffer.from('100\r\n'), allBytes, Buffer.from('\r\n0\r\n\r\n')])
  expect(bytes).toEqual(Buffer.concat([head('Transfer-Encoding: chunked\r\n'), framed]))
  expect(writes).toBe(2)
})

test('a head that no bytes follow leaves all the same when the turn of the loop is over', async () => {
  const { bytes } = await answer((outlet, seen) => {
    outlet.writeHead(200, 'OK', ['X-Byte', '\u00e9', 'Content-Length', '4'], true)
    void seen.then(() => {
      outlet.write(Buffer.from('late'))
      outlet.end([])
    })
  })
  expect(bytes).toEqual(Buffer.concat([head('Content-Length: 4\r\n'), Buffer.from('late')]))
})

test('a response that is cut right behind its head shows the head, and the cut', async () => {
  await expect(
    answer((outlet) => {
      outlet.writeHead(200, 'OK', ['X-Byte', '\u00e9', 'Content-Length', '4'], true)
      outlet.destroy()
    }),
  ).resolves.toMatchObject({ bytes: head('Content-Length: 4\r\n') })
})
