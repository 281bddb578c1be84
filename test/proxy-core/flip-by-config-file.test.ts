// QUALITY B2: a flip reaches open exchanges in ≤ 50 ms, here by an edit of the config file, by hand or by the command line.
import { rename, stat, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { exitCodes } from '../../proxy-core/cli/exit-codes.ts'
import { flipRoute } from '../../proxy-core/cli/flip.ts'
import { epochMs } from '../support/epoch.ts'
import { routeTo, startGateway } from '../support/gateway.ts'
import { startUpstream } from '../support/upstream.ts'
import { flipLatencies } from './support/flip-latency.ts'
import { openTickingStreams } from './support/ticking-stream.ts'

const barMs = 50
const rounds = 6

const routesTo = (url: string, response: 'on' | 'off') => [routeTo(url, { buffering: { response, holdBytes: null } })]
const textOf = (url: string, response: 'on' | 'off') =>
  JSON.stringify({ version: 1, listen: ['127.0.0.1:0'], routes: routesTo(url, response) })

/** Each flips the switch in a file, and tells when that was done. */
const ways = {
  'written in place': async (file: string, url: string, to: 'on' | 'off') => {
    await writeFile(file, textOf(url, to))
    return epochMs()
  },
  'replaced, as editors do it': async (file: string, url: string, to: 'on' | 'off') => {
    await writeFile(`${file}.new`, textOf(url, to))
    await rename(`${file}.new`, file)
    return epochMs()
  },
  'changed by `sluice flip`': async (file: string, _url: string, to: 'on' | 'off') => {
    // What the program does, without its start, which would take the processor that is measured.
    expect(await flipRoute({ name: 'flip', routeId: 'all', response: to, configFile: file })).toBe(exitCodes.ok)
    return (await stat(file)).ctimeMs
  },
}

test.for(Object.entries(ways))(
  'a flip in a config file %s reaches every open stream within 50 ms, and no byte is lost',
  { timeout: 60_000 },
  async ([, flip]) => {
    const upstream = await startUpstream()
    onTestFinished(() => upstream.close())
    const gateway = await startGateway({ routes: routesTo(upstream.url, 'off') }, { onDisk: true })
    onTestFinished(() => gateway.close())
    const { configFile } = gateway
    if (configFile === null) throw new Error('The config is on disk.')
    const streams = await openTickingStreams(8, upstream, gateway.url)

    const latencies = await flipLatencies(streams, rounds, (to) => flip(configFile, upstream.url, to))
    expect(Math.max(...latencies)).toBeLessThanOrEqual(barMs)
    for (const stream of streams) expect(await stream.finish()).toBe(stream.sent)
  },
)
