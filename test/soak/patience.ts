import { writeFile } from 'node:fs/promises'
import type { ClientResponse } from '../support/client-response.ts'
import { request } from '../support/client.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'
import type { Findings } from './findings.ts'
import { startGatewayChild } from './gateway-child.ts'

/** How long upstreams may keep a client waiting on a route that says nothing about it (QUALITY F6). */
const beforeHeadMs = 61_000
const betweenEventsMs = 310_000
const first = 'data: first\n\n'
const second = 'data: second\n\n'

/** Waits in real time for an upstream that thinks before its head, and for one that is silent between two events. */
export async function bePatient(findings: Findings): Promise<string> {
  const upstream = await startUpstream(async (exchange) => {
    if (exchange.target === '/thinks') await wait(beforeHeadMs)
    await exchange.eventStream()
    await exchange.chunk(first)
    if (exchange.target === '/silent') await wait(betweenEventsMs)
    await exchange.chunk(second)
    exchange.end()
  })
  const folder = await openTempFolder()
  const routes = ['off', 'on'].map((buffering) => ({
    id: buffering,
    match: { path: `/${buffering}/*` },
    stripPrefix: true,
    upstream: upstream.url,
    buffering: buffering === 'on' ? { response: 'on', holdBytes: 1 } : buffering,
  }))
  await writeFile(folder.file('sluice.yaml'), JSON.stringify({ version: 1, listen: '127.0.0.1:0', routes }))
  const gateway = await startGatewayChild(folder.file('sluice.yaml'), { temporaryFolder: folder.path })
  const targets = ['/off/thinks', '/on/thinks', '/off/silent', '/on/silent']
  try {
    const ends = await Promise.all(
      targets.map(async (target) => {
        const response = await request(gateway.url + target, {}, { timeoutMs: beforeHeadMs + 30_000 })
        await response.readAll(betweenEventsMs + 30_000)
        return [target, response] as const
      }),
    )
    for (const [target, response] of ends)
      if (!isWhole(response)) findings.add('a patient client is cut off', `${target}: ${summary(response)}`)
    return `${'patience'.padEnd(30)} ${ends.map(([target, response]) => `${target} ${isWhole(response) ? 'survived' : summary(response)}`).join(', ')}`
  } finally {
    await gateway.close()
    await upstream.close()
    await folder.close()
  }
}

function isWhole(response: ClientResponse): boolean {
  return response.status === 200 && response.text === first + second && !response.isDestroyedEarly
}

function summary(response: ClientResponse): string {
  return `${String(response.status)} ${response.text.slice(0, 120)}${response.isDestroyedEarly ? ' (cut)' : ''}`
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
