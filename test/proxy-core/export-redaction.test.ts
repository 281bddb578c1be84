// Whatever a route's capture leaves readable, a file that is written without saying more holds no secret: it is searched for each of them.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ExportFormat } from '../../proxy-core/contract/exchange-files.ts'
import { request } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const secretBody = 'SECRET-BODY-OF-THE'
const secret = (of: string): string => `${secretBody}-${of}-0123`
const target = `/events?api_key=${secret('api-key-in-query')}&access_token=${secret('token')}&model=plain`

async function captured() {
  const upstream = await startUpstream(async (exchange) => {
    await exchange.eventStream([
      ['Set-Cookie', `session=${secret('set-cookie')}; HttpOnly`],
      ['Location', `/?key=${secret('location')}`],
      ['X-Session-Token', secret('response-token')],
    ])
    await exchange.chunk('data: plain\n\n')
    exchange.end()
  })
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url, { capture: { redact: 'none' } })] })
  onTestFinished(() => gateway.close())
  const feed = await gateway.feed()
  const response = await request(gateway.url, {
    target,
    fields: [
      ['Authorization', `Bearer ${secret('authorization')}`],
      ['Cookie', `session=${secret('cookie')}; other=${secret('other-cookie')}`],
      ['x-api-key', secret('api-key')],
      ['Referer', `https://example.com/?access_token=${secret('referer')}`],
    ],
  })
  await response.readAll()
  return { gateway, exchange: await feed.exchange((one) => one.state === 'complete') }
}

test.for(ExportFormat.options)('a file of the format %s', async (format) => {
  const { gateway, exchange } = await captured()
  const write = async (withSecrets: boolean): Promise<string> => {
    const { exportId, fileName } = await gateway.command('export.start', { ids: [exchange.id], format, withSecrets })
    expect(fileName).not.toContain(secretBody)
    let text = ''
    for (let isLast = false; !isLast;) {
      const piece = await gateway.command('export.read', { exportId })
      text += Buffer.from(piece.bytes).toString('latin1')
      isLast = piece.isLast
    }
    return text
  }
  const redacted = await write(false)
  expect(redacted).toContain('plain')
  expect(redacted).not.toContain(secretBody)
  // Asked for once, it holds for that file alone. A table and a bare body have no heads at all.
  const whole = await write(true)
  const named = ['authorization', 'cookie', 'api-key', 'referer', 'set-cookie', 'location', 'response-token']
  if (format === 'har' || format === 'jsonl') for (const of of named) expect(whole).toContain(secret(of))
  expect(await write(false)).not.toContain(secretBody)
})

test('a recording', async () => {
  const { gateway, exchange } = await captured()
  await gateway.command('recording.save', { id: exchange.id, name: 'kept' })
  const folder = join(gateway.dataDir, 'recordings')
  for (const file of await readdir(folder)) expect(await readFile(join(folder, file), 'utf8')).not.toContain(secretBody)
})
