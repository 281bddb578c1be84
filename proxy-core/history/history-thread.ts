import { parentPort, workerData } from 'node:worker_threads'
import { HistoryKeeper } from './history-keeper.ts'
import type { HistoryRequest, HistoryThreadData } from './history-messages.ts'

if (!parentPort) throw new Error('The thread of the history is started by the gateway, as a worker.')
const port = parentPort

const keeper = new HistoryKeeper(workerData as HistoryThreadData, (report, transfer = []) => port.postMessage(report, [...transfer]))
port.on('message', (request: HistoryRequest) => keeper.take(request))
