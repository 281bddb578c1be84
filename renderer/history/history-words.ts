import type { HistoryStatus } from '../../proxy-core/contract/history.ts'
import { formatAgo, formatBytes, plural } from '../text.ts'

/** How the history fares, in a few words for the bottom of the window. */
export function historyLabel({ state, problem, fileBytes }: HistoryStatus): string {
  if (problem !== null) return 'history in trouble'
  if (state === 'off') return 'history off'
  return state === 'on' ? `history ${formatBytes(fileBytes)}` : 'history opening'
}

/** What is on disk, in a sentence. */
export function keptWords({ state, fileBytes, exchanges, oldestAt }: HistoryStatus, now: number): string {
  if (state === 'off') return fileBytes === 0 ? 'Nothing is on disk.' : `${formatBytes(fileBytes)} are on disk from before.`
  if (state === 'opening') return 'The file is being opened.'
  if (state === 'failed') return fileBytes === 0 ? 'Nothing is kept at the moment.' : `${formatBytes(fileBytes)} are on disk.`
  if (exchanges === 0) return 'Nothing is kept yet: an exchange is when it ends, or is pinned.'
  const oldest = oldestAt === null ? '' : `, the oldest from ${formatAgo(Math.max(0, now - oldestAt))}`
  return `${plural(exchanges, 'exchange')} in ${formatBytes(fileBytes)}${oldest}.`
}

/** What else there is to say of it, a sentence each; the last limits of what was kept among them. */
export function historyNotes({ waiting, missed, keptAside, problem }: HistoryStatus): readonly string[] {
  return [
    ...(problem !== null && waiting > 0 ? [`${plural(waiting, 'exchange')} wait${waiting === 1 ? 's' : ''} in memory to be written.`] : []),
    ...(missed > 0
      ? [
          `${plural(missed, 'exchange')} ${missed === 1 ? 'was' : 'were'} forgotten in memory before the disk had taken ${missed === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(keptAside === null ? [] : [`A file that could not be read stands aside as ${keptAside}; a new one was begun.`]),
  ]
}

/** A limit as it is typed; or why it is none. */
export function readLimit(text: string, { least, most, unit }: LimitRange): number | string {
  const value = Number(text.trim().replaceAll(',', ''))
  if (text.trim() === '' || !Number.isInteger(value)) return `Write a whole number of ${unit}.`
  if (value < least) return `The least is ${least}.`
  return value > most ? `The most is ${most}.` : value
}

/** What a limit may be. */
export interface LimitRange {
  readonly least: number
  readonly most: number
  readonly unit: string
}
