import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startChild } from '../support/child.ts'
import { hopPath, startHop, type HopName } from '../support/hops.ts'
import { repositoryRoot } from '../support/source-tree.ts'
import { openTempFolder } from '../support/temp.ts'

/** The names of what is measured, in the order of the table. */
export const targetNames = [
  'direct',
  'raw relay',
  'nginx',
  'haproxy',
  'caddy',
  'http-proxy-3',
  'reply-from',
  'sluice without capture',
  'sluice with capture',
] as const
export type TargetName = (typeof targetNames)[number]

/** Something on the path between clients and upstream, running. */
export interface Target {
  readonly port: number
  /** Null when clients talk to the upstream itself. */
  readonly pid: number | null
  close(): Promise<void>
}

/** Why a target cannot be measured on this machine, or null when it can. */
export function missing(name: TargetName): string | null {
  if (name === 'nginx' || name === 'haproxy' || name === 'caddy')
    return hopPath(name) === null ? `not installed: apt-get install ${name}` : null
  if (name.startsWith('sluice')) return gatewayProgram() === null ? 'not built: npm run build' : null
  return null
}

// nginx writes a request's body to a file before it calls the upstream, unless it is told not to, and refuses one of over 1 MiB.
const streamedUploads = 'proxy_request_buffering off;\n      client_max_body_size 0;'

/** Starts a target in front of the upstream. */
export function startTarget(name: TargetName, upstreamPort: number): Promise<Target> {
  switch (name) {
    case 'direct':
      return Promise.resolve({ port: upstreamPort, pid: null, close: () => Promise.resolve() })
    case 'raw relay':
      return startNode([join(import.meta.dirname, 'relay-process.ts'), String(upstreamPort)])
    case 'http-proxy-3':
      return startNode([join(import.meta.dirname, 'http-proxy-process.ts'), String(upstreamPort)])
    case 'reply-from':
      return startNode([join(import.meta.dirname, 'reply-from-process.ts'), String(upstreamPort)])
    case 'nginx':
    case 'haproxy':
    case 'caddy':
      return startHop(name satisfies HopName, { upstreamPort, buffering: false, nginxLocation: streamedUploads })
    case 'sluice without capture':
      return startOurs(upstreamPort, false)
    case 'sluice with capture':
      return startOurs(upstreamPort, true)
  }
}

/** Starts our gateway from its sources, on the main thread of its process, with or without a window that watches on another thread. */
export function startWatched(upstreamPort: number, isWatched: boolean): Promise<Target> {
  return startNode([join(import.meta.dirname, 'watched-process.ts'), String(upstreamPort), isWatched ? 'watched' : 'alone'])
}

/** The gateway without a window: built when there is a build, or else from its sources. */
export function gatewayProgram(): string | null {
  return (
    [join('out', 'main', 'sluice.cjs'), join('proxy-core', 'cli', 'sluice.ts')].find((path) => existsSync(join(repositoryRoot, path))) ??
    null
  )
}

async function startOurs(upstreamPort: number, isCaptured: boolean): Promise<Target> {
  const program = gatewayProgram()
  if (program === null) throw new Error('The gateway is not built.')
  const folder = await openTempFolder()
  const config = {
    version: 1,
    listen: ['127.0.0.1:0'],
    routes: [
      {
        id: 'bench',
        match: { path: '/*' },
        upstream: `http://127.0.0.1:${String(upstreamPort)}`,
        buffering: 'off',
        capture: { enabled: isCaptured },
      },
    ],
  }
  await writeFile(folder.file('sluice.yaml'), JSON.stringify(config))
  const target = await startNode([
    join(repositoryRoot, program),
    'serve',
    '--config',
    folder.file('sluice.yaml'),
    '--data',
    folder.file('data'),
    '--json',
  ])
  return {
    ...target,
    close: async () => {
      await target.close()
      await folder.close()
    },
  }
}

/** Starts a program on this Node whose first line of output says where it listens. */
async function startNode(args: readonly string[]): Promise<Target> {
  const child = startChild(process.execPath, args)
  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const line = child
        .output()
        .split('\n')
        .find((text) => text.startsWith('{') && text.endsWith('}') && text.includes('"listening"'))
      if (line === undefined) return
      // From now on nobody reads it, many thousands of lines.
      child.process.stdout?.off('data', look)
      resolve((JSON.parse(line) as { readonly url: string }).url)
    }
    child.process.stdout?.on('data', look)
    void child.exited.then(() => reject(new Error(`${args[0] ?? ''} ended: ${child.output()}`)))
  })
  return { port: Number(new URL(url).port), pid: child.pid, close: () => child.close() }
}
