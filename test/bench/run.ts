import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { measureCrowd, measureGrowth, measureWatched, type Crowd, type Growth, type Watched } from './measure-load.ts'
import { measureTargets, withBench, type Bench, type Measured } from './measure.ts'
import { readOptions, usage, type BenchOptions } from './options.ts'
import { crowdTable, growthTable } from './report-load.ts'
import { barsTable, bodiesTable, streamsTable, warning } from './report.ts'
import { gatewayProgram } from './targets.ts'

const options = optionsOrUsage()
if (options !== null) {
  if (process.platform !== 'linux') throw new Error('The benchmark reads CPU time and memory from /proc, which only Linux has.')
  const startedAt = Date.now()
  process.stdout.write(`${title(options)}\n`)
  const busy = loadavg()[0] ?? 0
  if (busy > 0.5) process.stdout.write(`  The machine is busy (load average ${busy.toFixed(1)}): latencies and ranges will show it.\n`)
  const say = (line: string) => void process.stdout.write(`  ${line}\n`)
  const save = async (tables: string) => {
    if (options.markdownFile !== null) await writeFile(options.markdownFile, `${title(options)}\n\n${tables}\n`)
  }
  const tables = await withBench(options, say, (bench) => measureAll(bench, save))
  process.stdout.write(`\n${title(options)}\n\n${tables}\n\n${((Date.now() - startedAt) / 1000).toFixed(0)} s in all.\n`)
}

/** Measures part after part, and saves the tables behind each, so that a run that is ended early leaves what it has. */
async function measureAll(bench: Bench, save: (tables: string) => Promise<void>): Promise<string> {
  const { parts } = bench.options
  const all = await measureTargets(bench)
  const found: Found = { all, watched: null, crowds: [], growth: [] }
  await save(tablesOf(found, bench))
  if (parts.includes('watched')) found.watched = await measureWatched(bench)
  await save(tablesOf(found, bench))
  if (parts.includes('crowd')) found.crowds = await measureCrowd(bench)
  await save(tablesOf(found, bench))
  if (parts.includes('growth')) found.growth = await measureGrowth(bench)
  const tables = tablesOf(found, bench)
  await save(tables)
  return tables
}

interface Found {
  readonly all: readonly Measured[]
  watched: Watched | null
  crowds: readonly Crowd[]
  growth: readonly Growth[]
}

function tablesOf({ all, watched, crowds, growth }: Found, { options: { parts, quietStreams }, leftOut }: Bench): string {
  const tables = [
    ...(parts.includes('paced') ? [streamsTable(all)] : []),
    ...(parts.includes('alone') ? [bodiesTable(all, quietStreams)] : []),
    ...(crowds.length > 0 ? [crowdTable(crowds)] : []),
    ...(growth.length > 0 ? [growthTable(growth)] : []),
    barsTable(all, { crowds, watched }),
    warning(all),
    leftOut.length === 0 ? '' : `Left out: ${leftOut.join('; ')}.`,
  ]
  return tables.filter((table) => table !== '').join('\n\n')
}

function title({ streams, eventsPerSecond, rounds, measureMs }: BenchOptions): string {
  const load = `${String(streams)} streams × ${String(eventsPerSecond)} events/s of 140 bytes`
  const machine = `${String(cpus().length)} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`
  return `${load}, ${String(rounds)} rounds of ${String(measureMs / 1000)} s in turns; ${machine}; sluice: ${gatewayProgram() ?? 'missing'}.`
}

function optionsOrUsage(): BenchOptions | null {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`)
    process.exitCode = 2
    return null
  }
}
