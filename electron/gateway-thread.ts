import './compat.ts'
import { parentPort, workerData } from 'node:worker_threads'
import { openGateway, type OpenGatewayOptions } from '../proxy-core/open-gateway.ts'
import { hostGateway } from './gateway-host.ts'

if (!parentPort) throw new Error('The gateway thread is started by main, as a worker.')
const port = parentPort

void openGateway(workerData as OpenGatewayOptions).then((gateway) => hostGateway(port, gateway))
