import { compareRest, describe, measureRest, mebibytes, partsOf, restText, type Rest } from './base.ts'
import { startBareLeaves } from './bare-leaves.ts'
import { Churn } from './churn.ts'
import { captureMiB } from './config-edits.ts'
import { Findings } from './findings.ts'
import { bePatient } from './patience.ts'
import { beSecure } from './secure.ts'
import { stallClients } from './stalled.ts'
import { readOptions, usage, type SoakOptions } from './options.ts'

const options = optionsOrUsage()
if (options !== null) {
  if (process.platform !== 'linux') throw new Error('The soak run reads file descriptors from /proc, which only Linux has.')
  const findings = new Findings()
  say(`soak: ${String(options.minutes)} min, seed ${String(options.seed)}, Node ${process.version}`)
  const tables = await Promise.all([
    churn(options, findings),
    beSecure(findings, options.seed, options.minutes * 60_000),
    ...(options.withStalled ? [stall(findings)] : []),
    ...(options.withPatience ? [bePatient(findings)] : []),
  ])
  say(`\n${tables.join('\n')}\n${findings.text()}`)
  process.exitCode = findings.count === 0 ? 0 : 1
}

/** So long lives and edits go on before what is in use is called the base: until then Node compiles and grows its heap. */
function warmUpMs(minutes: number): number {
  return Math.min(30_000, (minutes * 60_000) / 4)
}

async function churn({ minutes, seed, openStreams, newPerSecond }: SoakOptions, findings: Findings): Promise<string> {
  const churn = await Churn.open(findings, seed, { openStreams, newPerSecond })
  const bare = await startBareLeaves()
  try {
    const startedAt = Date.now()
    await churn.run(warmUpMs(minutes))
    if (churn.gateway.exitCode !== null) throw new Error(`The gateway has ended: ${churn.gateway.output()}`)
    const base = await measureRest(churn.gateway, churn.temporaryFolder, null)
    say(`  base after a warm-up: ${restText(base)}`)
    const restMs = Math.max(10_000, minutes * 60_000 - warmUpMs(minutes))
    const parts = partsOf(restMs, 6)
    const rests: Rest[] = []
    for (let part = 1; part <= parts && churn.gateway.exitCode === null; part++) {
      await churn.run(restMs / parts)
      if (churn.gateway.exitCode !== null) break
      rests.push(await measureRest(churn.gateway, churn.temporaryFolder, base))
      say(`  part ${String(part)} of ${String(parts)}: ${restText(rests.at(-1) as Rest)}; findings so far: ${String(findings.count)}`)
    }
    if (churn.gateway.exitCode !== null) findings.add('the gateway has ended', String(churn.gateway.exitCode))
    compareRest('streams that come and go', { base, rests, captureBytes: captureMiB * 1_048_576 }, findings)
    if (churn.gateway.output() !== '') findings.add('the gateway has printed something', churn.gateway.output().slice(0, 2000))
    return churnTable({ churn, base, end: rests.at(-1) ?? base, seconds: (Date.now() - startedAt) / 1000, bareMs: bare.tookMs })
  } finally {
    bare.close()
    await churn.close()
  }
}

/** QUALITY F3 in full length. What is captured has a bound of its own. */
async function stall(findings: Findings): Promise<string> {
  const stalled = await stallClients({ clients: 20, ms: 60_000, isCaptured: true })
  const grown = stalled.growthBytes - stalled.capturedBytes
  const text = `${mebibytes(stalled.growthBytes)} MiB more (${mebibytes(stalled.capturedBytes)} captured), then ${mebibytes(stalled.lateGrowthBytes)} MiB in 60 s; others p99 ${stalled.p99Ms.toFixed(1)} ms`
  if (grown > 64 * 1_048_576) findings.add('stalled clients cost too much memory', text)
  if (stalled.lateGrowthBytes > 8 * 1_048_576) findings.add('memory rises while clients are stalled', text)
  if (stalled.lostEvents > 0) findings.add('other streams lose events while clients are stalled', String(stalled.lostEvents))
  return `${'20 stalled clients'.padEnd(30)} ${text}`
}

interface ChurnResult {
  readonly churn: Churn
  readonly base: Rest
  readonly end: Rest
  readonly seconds: number
  readonly bareMs: readonly number[]
}

function churnTable({ churn: { tally, closes, uploadCloses, openCounts, edits }, base, end, seconds, bareMs }: ChurnResult): string {
  const open = openCounts.reduce((sum, count) => sum + count, 0) / openCounts.length
  const rows: (readonly [string, string])[] = [
    ['exchanges', `${tally.get('lives').toLocaleString('en')} in ${seconds.toFixed(0)} s, ${open.toFixed(0)} open on average`],
    ['of kinds', tally.text('kind:')],
    ['ends', tally.text('ending:')],
    [
      'bodies compared',
      `${tally.get('checked').toLocaleString('en')}, ${mebibytes(tally.get('downBytes'))} MiB down, ${mebibytes(tally.get('upBytes'))} MiB up`,
    ],
    ['records compared', `${tally.get('records checked').toLocaleString('en')} (missed: ${String(tally.get('records missed'))})`],
    ['heartbeats', String(tally.get('heartbeats'))],
    ['answers by the gateway', `${tally.text('answer:')}, at a fault ${String(tally.get('answered by the gateway'))}`],
    [
      'no answer, as it may be',
      `left or ended before the head ${String(tally.get('ended before the head'))}, turned away ${String(tally.get('turned away'))}`,
    ],
    [
      'edits of the config',
      Object.entries(edits.counts)
        .map(([kind, count]) => `${kind} ${String(count)}`)
        .join(', '),
    ],
    ['edits of the file in force', `slowest after ${String(Math.max(0, ...edits.takenMs))} ms`],
    ['commands to exchanges', tally.text('command:exchange.')],
    ['upstream closed after a leave', p99Text(closes)],
    ['… in the middle of an upload', p99Text(uploadCloses)],
    ['a leave with no gateway', p99Text(bareMs)],
    ['loop of the gateway late by', `p99 ${end.loopDelayMs.toFixed(0)} ms`],
    ['base', restText(base)],
    ['end', restText(end)],
    ['descriptors at the end', describe(end.descriptors)],
  ]
  return rows.map(([name, text]) => `${name.padEnd(30)} ${text}`).join('\n')
}

function p99Text(ms: readonly number[]): string {
  const sorted = [...ms].sort((a, b) => a - b)
  return `${String(sorted.length)} times, p50 ${String(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms, p99 ${String(sorted[Math.floor(sorted.length * 0.99)] ?? 0)} ms`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function optionsOrUsage(): SoakOptions | null {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`)
    process.exitCode = 2
    return null
  }
}
