// QUALITY B2: a flip reaches open exchanges in ≤ 50 ms, here by an edit of the config file.
import { rename, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { epochMs } from '../support/epoch.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { flipLatencies } from './support/flip-latency.ts'
import { openTickingStreams } from './support/ticking-stream.ts'

const barMs = 50
const rounds = 6

const ways = {
  'that is written in place': (file: string, text: string) => writeFile(file, text),
  'that is replaced, as editors do it': async (file: string, text: string) => {
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  },
}

test.for(Object.entries(ways))(
  'a flip in a config file %s reaches every open stream within 50 ms, and no byte is lost',
  async ([, write]) => {
    const upstream = await startUpstream()
    onTestFinished(() => upstream.close())
    const routes = (response: 'on' | 'off') => [routeTo(upstream.url, { buffering: { response, holdBytes: null } })]
    const gateway = await startGateway({ routes: routes('off') }, { onDisk: true })
    onTestFinished(() => gateway.close())
    const { configFile } = gateway
    if (configFile === null) throw new Error('The config is on disk.')
    const streams = await openTickingStreams(8, upstream, gateway.url)

    const latencies = await flipLatencies(streams, rounds, async (response) => {
      await write(configFile, JSON.stringify({ version: 1, listen: ['127.0.0.1:0'], routes: routes(response) }))
      return epochMs()
    })
    expect(Math.max(...latencies)).toBeLessThanOrEqual(barMs)
    for (const stream of streams) expect(await stream.finish()).toBe(stream.sent)
  },
)
