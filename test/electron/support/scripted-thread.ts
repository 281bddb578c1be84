import { parentPort, threadId, workerData } from 'node:worker_threads'
import { hostGateway } from '../../../electron/gateway-host.ts'
import type { Reply } from '../../../proxy-core/contract/errors.ts'
import type { GatewayStatus, Snapshot } from '../../../proxy-core/contract/events.ts'

/** A gateway thread for tests: no traffic, and commands that make it fail on purpose. */
if (!parentPort) throw new Error('This file is a worker.')
if (workerData === 'fail at start') throw new Error('failed at start')

let openFeeds = 0
let lastAckedSeq = -1

hostGateway(parentPort, {
  command(name, input) {
    switch (name) {
      case 'echo':
        return answer(input)
      case 'thread':
        return answer(threadId)
      case 'openFeeds':
        return answer(openFeeds)
      case 'lastAckedSeq':
        return answer(lastAckedSeq)
      case 'never':
        return new Promise(() => undefined)
      case 'block':
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
        return answer(undefined)
      case 'throw':
        setImmediate(() => {
          throw new Error('thrown on purpose')
        })
        return new Promise(() => undefined)
      default:
        return Promise.resolve({ ok: false, error: { code: 'unknown-command', message: name } })
    }
  },
  openFeed(send) {
    openFeeds++
    send({ type: 'snapshot', seq: 1, at: 0, snapshot: { threadId } as unknown as Snapshot })
    return {
      receive(request) {
        if (request.type === 'ack') lastAckedSeq = request.seq
      },
      close() {
        openFeeds--
      },
    }
  },
  status: () => ({ state: 'running', version: 'scripted', startedAt: 0, captureStoppedAt: null, listeners: [] }) satisfies GatewayStatus,
  openExchanges: () => 3,
  close: () => (workerData === 'hang at close' ? new Promise(() => undefined) : Promise.resolve()),
})

function answer(value: unknown): Promise<Reply<unknown>> {
  return Promise.resolve({ ok: true, value })
}
