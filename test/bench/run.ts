import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { measure } from './measure.ts'
import { readOptions, usage, type BenchOptions } from './options.ts'
import { barsTable, figuresTable, warning } from './report.ts'
import { gatewayProgram } from './targets.ts'

const options = optionsOrUsage()
if (options !== null) {
  if (process.platform !== 'linux') throw new Error('The benchmark reads CPU time and memory from /proc, which only Linux has.')
  const startedAt = Date.now()
  process.stdout.write(`${title(options)}\n`)
  const busy = loadavg()[0] ?? 0
  if (busy > 0.5) process.stdout.write(`  The machine is busy (load average ${busy.toFixed(1)}): latencies and ranges will show it.\n`)
  const measured = await measure(options, (line) => process.stdout.write(`  ${line}\n`))
  const report = `${title(options)}\n\n${figuresTable(measured, options)}\n\n${barsTable(measured)}\n\n${warning(measured)}`
  process.stdout.write(`\n${report}\n${((Date.now() - startedAt) / 1000).toFixed(0)} s in all.\n`)
  if (options.markdownFile !== null) await writeFile(options.markdownFile, report)
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
