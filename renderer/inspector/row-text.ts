import { useEffect, useRef, useState } from 'react'
import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import type { RowDetail } from '../../proxy-core/contract/rows.ts'
import { invoke } from '../gateway.ts'
import { showToast } from '../parts/toast.tsx'
import { errorMessage } from './error-message.ts'

// What the gateway gives at most in one answer.
const rangeBytes = 1_048_576

/** The text of a row, as far as it has been fetched. */
export interface RowText {
  readonly raw: string
  readonly data: string
  readonly omittedBytes: number
  /** How many bytes `showMore` adds. */
  readonly nextBytes: number
  readonly isReading: boolean
  readonly showMore: () => void
}

/** The text of a row: its start at once, and more of a long one when it is asked for. */
export function useRowText(exchange: Exchange, row: RowDetail | null): RowText {
  const [more, setMore] = useState<{ readonly raw: string; readonly bytes: number } | null>(null)
  const [isReading, setIsReading] = useState(false)
  const isHere = useRef(true)
  useEffect(() => {
    isHere.current = true
    return () => void (isHere.current = false)
  }, [])
  if (!row) return { raw: '', data: '', omittedBytes: 0, nextBytes: 0, isReading: false, showMore: () => undefined }

  const omittedBytes = more ? row.bytes - more.bytes : row.omittedBytes
  const shownBytes = row.bytes - omittedBytes
  // Twice as much each time: few steps lead through a long row, and none is a surprise.
  const nextBytes = Math.min(omittedBytes, shownBytes)
  const showMore = async () => {
    setIsReading(true)
    const raw = await told(readRowText(exchange, row.index, shownBytes + nextBytes))
    if (!isHere.current) return
    setIsReading(false)
    if (raw !== null) setMore({ raw, bytes: shownBytes + nextBytes })
  }
  return {
    raw: more?.raw ?? row.raw,
    data: more ? dataOf(row, more.raw) : row.data,
    omittedBytes,
    nextBytes,
    isReading,
    showMore: () => void showMore(),
  }
}

/** The whole text of a row to copy, however long; null when it could not be read. */
export async function copiedWhole(exchange: Exchange, row: RowDetail, shows: 'pretty' | 'raw' | 'hex'): Promise<string | null> {
  const raw = await told(readRowText(exchange, row.index, row.bytes))
  return raw !== null && shows === 'pretty' ? dataOf(row, raw) : raw
}

/** The data of an event from its raw text (WHATWG HTML §9.2.6). */
export function eventData(raw: string): string {
  const data: string[] = []
  for (const line of raw.split(/\r\n|\r|\n/)) {
    if (line === 'data') data.push('')
    else if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
  }
  return data.join('\n')
}

function dataOf({ type }: RowDetail, raw: string): string {
  return type === 'event' || type === 'comment' || type === 'fields' ? eventData(raw) : raw
}

async function readRowText({ id }: Exchange, index: number, to: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  for (let from = 0; from < to; from += rangeBytes) {
    const { bytes } = await invoke('exchange.rowBytes', { id, index, from, to: Math.min(to, from + rangeBytes) })
    text += decoder.decode(bytes, { stream: true })
  }
  return text + decoder.decode()
}

async function told(reading: Promise<string>): Promise<string | null> {
  try {
    return await reading
  } catch (error) {
    showToast({ title: 'The whole text could not be read', description: errorMessage(error), tone: 'bad' })
    return null
  }
}
