// QUALITY H1, F1: a hostile response harms its own exchange alone. What is cut is seen to be cut, and no byte of one answer gets into another.
import { expect, test } from 'vitest'
import { openClient, type Client } from '../support/client.ts'
import type { ClientResponse } from '../support/client-response.ts'
import type { UpstreamExchange } from '../support/upstream-exchange.ts'
import type { ResponseCase, ResponseOutcome } from './corpus/response-case.ts'
import { responseFraming } from './corpus/response-framing.ts'
import { responseHeads } from './corpus/response-heads.ts'
import { besideStream } from './support/stream-beside.ts'

const cases = [...responseHeads, ...responseFraming]
const beside = besideStream(serve)

test.for(cases.map((one, index) => [`${one.outcome.type}: ${one.name} (${one.rule})`, one, index] as const))(
  '%s',
  async ([, one, index]) => {
    const client = await openClient(beside.gateway.url)
    const response = await client.request({ method: one.method, target: `/case/${String(index)}` })
    const body = (await response.readAll()).toString('latin1')
    judge(one.outcome, response, body)
    if (one.later !== '')
      await beside.upstream.exchanges.findLast(({ target }) => target === `/case/${String(index)}`)?.write(bytes(one.later))
    await expectNext(response.isDestroyedEarly || client.isClosed ? await openClient(beside.gateway.url) : client)
    client.close()
  },
)

async function serve(exchange: UpstreamExchange): Promise<void> {
  if (exchange.target === '/next') return exchange.answer('next')
  const one = cases[Number(exchange.target.split('/')[2])] as ResponseCase
  await exchange.write(bytes(one.send))
  if (one.end === 'closes') exchange.cut()
  // A reset overtakes what the other side has not read.
  else if (one.end === 'resets') setTimeout(() => exchange.reset(), 30)
}

function judge(outcome: ResponseOutcome, response: ClientResponse, body: string): void {
  switch (outcome.type) {
    case 'refused': {
      expect([response.status, response.header('content-type')]).toEqual([502, 'application/json; charset=utf-8'])
      const { error } = JSON.parse(body) as { error: { code: string; message: string } }
      expect(outcome.codes).toContain(error.code)
      expect(error.message).toMatch(/^The upstream.*[.?]$/)
      expect(response.fields.filter(([name]) => /^x-/i.test(name))).toEqual([])
      return
    }
    case 'cut':
      expect([response.status, response.isDestroyedEarly]).toEqual([200, true])
      expect(body).toBe(outcome.body)
      return
    case 'passed': {
      const { status, fields, interim } = outcome.response
      expect([response.status, response.isDestroyedEarly, body]).toEqual([status, false, outcome.response.body])
      for (const [name, value] of Object.entries(fields)) expect(response.header(name), name).toBe(value)
      expect(response.informational).toHaveLength(interim)
      expect(response.trailers.filter(([name]) => /^(host|connection)$/i.test(name))).toEqual([])
    }
  }
}

async function expectNext(client: Client): Promise<void> {
  const response = await client.request({ target: '/next' })
  expect([response.status, (await response.readAll()).toString(), response.header('x-poison')]).toEqual([200, 'next', null])
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
