// Issue 3 §1: a gateway that is killed with a held response in its temporary file leaves nothing behind at the next start.
import { copyFile, readdir, readlink, stat, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fetchWhole, request } from '../support/client.ts'
import { startSluice, type Sluice } from '../support/sluice.ts'
import { openTempFolder } from '../support/temp.ts'
import { startUpstream } from '../support/upstream.ts'

const bodyBytes = 5_000_000

/** `/proc/PID/fd/N` of the temporary file that holds so much, once it does. */
async function untilSpooled(pid: number, bytes: number): Promise<string> {
  return vi.waitUntil(
    async () => {
      for (const descriptor of await readdir(`/proc/${String(pid)}/fd`)) {
        const path = `/proc/${String(pid)}/fd/${descriptor}`
        const target = await readlink(path).catch(() => '')
        if (target.includes('sluice-spool-') && (await stat(path)).size >= bytes) return path
      }
      return false
    },
    { timeout: 10_000, interval: 20 },
  )
}

test.runIf(process.platform === 'linux')(
  'a gateway that is killed while it spools leaves no file, not even where it had a name',
  async () => {
    const folder = await openTempFolder()
    const spools = await openTempFolder()
    const upstream = await startUpstream(async (exchange) => {
      await exchange.head({ fields: { 'Content-Length': String(bodyBytes * 2) } })
      await exchange.write(Buffer.alloc(bodyBytes, 'x'))
    })
    onTestFinished(() => upstream.close())
    const buffering = { response: 'on', holdBytes: null, memoryBytes: 16_384 }
    const routes = [{ id: 'all', match: { path: '/*' }, upstream: { url: upstream.url }, buffering }]
    await writeFile(folder.file('sluice.yaml'), JSON.stringify({ version: 1, listen: '127.0.0.1:0', routes }))
    vi.stubEnv('TMPDIR', spools.path)
    onTestFinished(() => void vi.unstubAllEnvs())
    const running: Sluice[] = []
    onTestFinished(async () => {
      for (const sluice of running) await sluice.close('SIGKILL')
      await folder.close()
      await spools.close()
    })
    const serve = async (): Promise<{ sluice: Sluice; url: string }> => {
      const sluice = startSluice('serve', '--json', '--config', folder.file('sluice.yaml'))
      running.push(sluice)
      return { sluice, url: String((await sluice.line('listening'))['url']) }
    }
    const names = async () => (await readdir(spools.path)).filter((name) => name.startsWith('sluice-spool-'))

    const killed = await serve()
    const response = await request(killed.url)
    const spool = await untilSpooled(killed.sluice.pid, bodyBytes - 1_200_000)
    expect(await names()).toEqual([])
    // What is left where the system lets no open file lose its name.
    const left = `sluice-spool-${String(killed.sluice.pid)}-0123456789abcdef`
    await copyFile(spool, spools.file(left))

    const beside = await serve()
    expect(await names()).toEqual([left])
    await killed.sluice.close('SIGKILL')
    await expect(response.readAll()).resolves.toHaveLength(0)
    expect(await names()).toEqual([left])

    const next = await serve()
    await expect.poll(names).toEqual([])
    expect((await fetchWhole(`${next.url}/nowhere`, { host: 'elsewhere.example' })).status).toBe(421)
    expect(beside.sluice.process.exitCode).toBeNull()
  },
)
