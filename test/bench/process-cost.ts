import { readFileSync, readdirSync } from 'node:fs'

/** CPU time that the main thread of a process has used so far, in microseconds. */
export function mainThreadUs(pid: number): number {
  return Number(readFileSync(`/proc/${String(pid)}/schedstat`, 'latin1').split(' ')[0]) / 1000
}

/** CPU time that the threads of a process and of its children have used so far, in microseconds. */
export function cpuUs(pid: number): number {
  let nanoseconds = 0
  for (const member of processTree(pid)) {
    const threads = `/proc/${String(member)}/task`
    // The scheduler counts nanoseconds; /proc/<pid>/stat counts hundredths of a second, a tenth of what a short round costs.
    for (const thread of readdirSync(threads)) nanoseconds += Number(readFileSync(`${threads}/${thread}/schedstat`, 'latin1').split(' ')[0])
  }
  return nanoseconds / 1000
}

/** Memory that a process and its children have in RAM. */
export function residentBytes(pid: number): number {
  return processTree(pid)
    .map((member) => /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(member)}/status`, 'latin1'))?.[1])
    .reduce((sum, kibibytes) => sum + Number(kibibytes ?? 0) * 1024, 0)
}

function processTree(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${String(pid)}/task`).flatMap((thread) =>
    readFileSync(`/proc/${String(pid)}/task/${thread}/children`, 'latin1')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number),
  )
  return [pid, ...children.flatMap((child) => processTree(child))]
}
