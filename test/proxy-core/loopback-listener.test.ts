// QUALITY H5: the listener is on loopback by default; another address needs the setting and a token of at least 128 bits.
import { networkInterfaces } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import type { ConfigInput } from '../../proxy-core/contract/config.ts'
import { openGateway } from '../../proxy-core/open-gateway.ts'
import { fetchWhole, openClient } from '../support/client.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'

const token = 'abcdefghijklmnopqrstuv'

/** An address of this machine that others can reach, if it has one. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

async function start(config: Partial<ConfigInput>) {
  const upstream = await startUpstream((exchange) => exchange.answer('reached'))
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({ routes: [routeTo(upstream.url)], ...config })
  onTestFinished(() => gateway.close())
  return { upstream, gateway, port: new URL(gateway.url).port }
}

test('without a word about it the gateway listens on loopback alone', async () => {
  const gateway = await openGateway({ configFile: null, configText: 'version: 1\n', version: '0', dataDir: null })
  onTestFinished(() => gateway.close({ drainMs: 0 }))
  expect(gateway.status().listeners.map(({ address }) => address)).toEqual(['127.0.0.1:9080'])
})

test('a loopback address answers on loopback and on no other address of this machine', async () => {
  const { gateway, port } = await start({})
  expect((await fetchWhole(gateway.url)).status).toBe(200)
  if (outside !== undefined) await expect(openClient(`http://${outside}:${port}`)).rejects.toThrow('ECONNREFUSED')
})

test.for<readonly [string, Partial<ConfigInput>]>([
  ['no setting', {}],
  ['the setting alone', { remote: { allow: true } }],
  ['the token alone', { remote: { token } }],
  ['a token of 21 characters', { remote: { allow: true, token: token.slice(1) } }],
  ['a token with other characters', { remote: { allow: true, token: `${token}!` } }],
])('an address beyond loopback is refused with %s', async ([, config]) => {
  for (const listen of ['0.0.0.0:0', '[::]:0', '192.168.0.1:0', 'example.com:0']) {
    await expect(startGateway({ listen: [listen], ...config })).rejects.toThrow()
  }
})

test('an address beyond loopback asks every request for the token, and tells nobody upstream', async () => {
  const { upstream, port } = await start({ listen: ['0.0.0.0:0'], remote: { allow: true, token } })
  const url = `http://127.0.0.1:${port}`
  const ask = async (fields: Record<string, string>) => {
    const { status, text, header } = await fetchWhole(url, { fields }).then((one) => ({
      status: one.status,
      text: one.text,
      header: one.header('www-authenticate'),
    }))
    return { status, text, header }
  }
  for (const fields of [
    {},
    { 'Sluice-Token': '' },
    { 'Sluice-Token': token.slice(1) },
    { 'Sluice-Token': token.toUpperCase() },
    { Authorization: `Bearer ${token}` },
  ]) {
    expect(await ask(fields as Record<string, string>)).toMatchObject({
      status: 401,
      header: expect.stringContaining('Sluice-Token') as string,
    })
  }
  expect(upstream.exchanges).toHaveLength(0)
  expect(await ask({ 'Sluice-Token': token })).toMatchObject({ status: 200, text: 'reached' })
  expect(upstream.exchanges[0]?.header('sluice-token')).toBeNull()
})

test('a foreign host name is refused beyond loopback too, token or not', async () => {
  const { upstream, port } = await start({ listen: ['0.0.0.0:0'], remote: { allow: true, token } })
  const answer = await fetchWhole(`http://127.0.0.1:${port}`, { host: 'evil.example', fields: { 'Sluice-Token': token } })
  expect(answer.status).toBe(421)
  expect(upstream.exchanges).toHaveLength(0)
})
