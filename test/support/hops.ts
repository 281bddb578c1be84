import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { freePort, startChild, untilAccepts } from './child.ts'
import { openTempFolder } from './temp.ts'

/** Other gateways that tests and benchmarks put on the path. */
export type HopName = 'nginx' | 'caddy' | 'haproxy'

/** A real gateway in front of an upstream, as a child process with a config of its own. */
export interface Hop {
  readonly name: HopName
  readonly url: string
  readonly port: number
  readonly pid: number
  output(): string
  close(): Promise<void>
}

/** How a hop is configured; each name maps what it can and ignores the rest. */
export interface HopOptions {
  readonly upstreamPort: number
  /** nginx: `proxy_buffering`. Caddy: `flush_interval -1` when false. */
  readonly buffering?: boolean
  /** nginx: `proxy_http_version`, 1.1 when left out. */
  readonly nginxHttp?: '1.0'
  /** Lines added to nginx's location. */
  readonly nginxLocation?: string
  /** Caddy: fields of its reverse_proxy handler. */
  readonly caddyProxy?: Readonly<Record<string, unknown>>
  /** HAProxy: false leaves `option http-no-delay` out, as most do. */
  readonly noDelay?: boolean
  /** HAProxy: how long it lets the upstream be silent. */
  readonly silenceSeconds?: number
  readonly workers?: number
}

/** Where the program of a hop is, or null. */
export function hopPath(name: HopName): string | null {
  return (
    ['/usr/sbin/', '/usr/bin/', '/usr/local/sbin/', '/usr/local/bin/'].map((folder) => folder + name).find((path) => existsSync(path)) ??
    null
  )
}

/** Starts a hop on a free port and waits until it accepts. The system's own service of that name is not touched. */
export async function startHop(name: HopName, options: HopOptions): Promise<Hop> {
  const path = hopPath(name)
  if (path === null) throw new Error(`${name} is missing: apt-get install ${name}.`)
  const folder = await openTempFolder()
  const port = await freePort()
  const configFile = folder.file(configNames[name])
  await writeFile(configFile, configs[name](port, options, folder.path))
  const child = startChild(path, commandLines[name](configFile, folder.path), {
    env: { PATH: process.env['PATH'], HOME: folder.path, XDG_DATA_HOME: folder.path, XDG_CONFIG_HOME: folder.path },
  })
  const close = async () => {
    await child.close()
    await folder.close()
  }
  try {
    await untilAccepts(port, child)
  } catch (error) {
    await close()
    throw error
  }
  return { name, port, url: `http://127.0.0.1:${String(port)}`, pid: child.pid, output: child.output, close }
}

const configNames: Record<HopName, string> = { nginx: 'nginx.conf', caddy: 'caddy.json', haproxy: 'haproxy.cfg' }

const commandLines: Record<HopName, (configFile: string, folder: string) => readonly string[]> = {
  nginx: (configFile, folder) => ['-p', folder, '-c', configFile, '-e', 'stderr'],
  caddy: (configFile) => ['run', '--config', configFile],
  haproxy: (configFile) => ['-db', '-f', configFile],
}

const configs: Record<HopName, (port: number, options: HopOptions, folder: string) => string> = {
  nginx: nginxConfig,
  caddy: caddyConfig,
  haproxy: haproxyConfig,
}

function nginxConfig(
  port: number,
  { upstreamPort, buffering = false, nginxHttp, nginxLocation = '', workers = 1 }: HopOptions,
  folder: string,
): string {
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes ${String(workers)};
worker_rlimit_nofile 20000;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 16000; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${String(port)};
    location / {
      proxy_pass http://127.0.0.1:${String(upstreamPort)};
      proxy_http_version ${nginxHttp ?? '1.1'};
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_buffering ${buffering ? 'on' : 'off'};
      proxy_read_timeout 600s;
      ${nginxLocation}
    }
  }
}
`
}

function caddyConfig(port: number, { upstreamPort, buffering = false, caddyProxy = {} }: HopOptions): string {
  return JSON.stringify({
    admin: { disabled: true },
    logging: { logs: { default: { level: 'WARN' } } },
    apps: {
      http: {
        grace_period: '100ms',
        servers: {
          hop: {
            listen: [`127.0.0.1:${String(port)}`],
            automatic_https: { disable: true },
            routes: [
              {
                handle: [
                  {
                    handler: 'reverse_proxy',
                    upstreams: [{ dial: `127.0.0.1:${String(upstreamPort)}` }],
                    ...(buffering ? {} : { flush_interval: -1 }),
                    ...caddyProxy,
                  },
                ],
              },
            ],
          },
        },
      },
    },
  })
}

function haproxyConfig(port: number, { upstreamPort, workers = 1, noDelay = true, silenceSeconds = 600 }: HopOptions): string {
  return `global
  maxconn 9000
  nbthread ${String(workers)}
defaults
  mode http
  ${noDelay ? 'option http-no-delay' : ''}
  timeout connect 10s
  timeout client 600s
  timeout server ${String(silenceSeconds)}s
listen hop
  bind 127.0.0.1:${String(port)}
  server upstream 127.0.0.1:${String(upstreamPort)}
`
}
