import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchWhole } from '../support/client.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { DownloadFile } from './support/downloads.ts'
import { launchApp, type LaunchedApp } from './support/launch.ts'

// Each format of a file, saved by keyboard in the real window, with its secrets only where it was said for that one file.

const secret = 'a-secret-of-no-one-0123456789'
const body = 'id: 1\ndata: {"n":1}\n\n: a comment\n\nevent: second\ndata: "quoted", with commas\n\n'

let upstream: Upstream
let sluice: LaunchedApp
let window: Page
const saved = new DownloadFile()

beforeAll(async () => {
  upstream = await startUpstream((exchange) => exchange.answer(body, { fields: { 'Content-Type': 'text/event-stream' } }))
  sluice = await launchApp({
    config: `version: 1
routes:
  - id: readable
    match: { path: /* }
    upstream: ${upstream.url}
    capture: { redact: none }
`,
  })
  window = sluice.window
  await saved.take(sluice)
  await fetchWhole(`${sluice.url}/one?key=${secret}`, { fields: { Authorization: `Bearer ${secret}` } })
  await window.getByRole('row', { name: /\/one/ }).click()
  await window.getByRole('tab', { name: 'Events 2' }).waitFor()
})
afterAll(async () => {
  await sluice?.close()
  await upstream?.close()
  expect(sluice?.problems).toEqual([])
})

const openMenu = () => window.getByRole('button', { name: 'Export this exchange' }).press('Enter')
const confirmation = () => window.getByRole('menuitemcheckbox', { name: 'With secrets that a route leaves readable' })

/** Saves in a format of the open menu; the text of the file, once it is whole. */
async function save(label: RegExp, isWhole: (text: string) => boolean): Promise<string> {
  saved.clear()
  await window.getByRole('menuitem', { name: label }).press('Enter')
  await window.getByRole('menu').waitFor({ state: 'detached' })
  await expect.poll(() => isWhole(saved.text()), { timeout: 15_000 }).toBe(true)
  return saved.text()
}

const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

interface Har {
  readonly log: {
    readonly version: string
    readonly entries: readonly { readonly _eventSourceMessages: readonly Readonly<Record<string, unknown>>[] }[]
  }
}

test('HAR 1.2 has the events as browsers write them, with both times, and no secret', async () => {
  await openMenu()
  const text = await save(/^HAR/, isJson)
  const { log } = JSON.parse(text) as Har
  expect([log.version, log.entries.length]).toEqual(['1.2', 1])
  const messages = log.entries[0]?._eventSourceMessages ?? []
  expect(messages.map(({ eventName, data }) => [eventName, data])).toEqual([
    ['message', '{"n":1}'],
    ['second', '"quoted", with commas'],
  ])
  for (const { time, _arrivedAt, _leftAt } of messages) {
    expect(Math.abs(Number(time) * 1000 - Number(_arrivedAt))).toBeLessThan(1)
    expect(Number(_leftAt)).toBeGreaterThanOrEqual(Number(_arrivedAt))
  }
  expect(text).not.toContain(secret)
  expect(text).toContain('[redacted]')
})

test('the raw event stream is byte for byte what the upstream sent', async () => {
  await openMenu()
  expect(await save(/^Event stream/, (text) => text === body)).toBe(body)
})

test('the table has a line for each row, with both clocks, its commas and quotes escaped', async () => {
  await openMenu()
  const text = await save(/^Table of rows/, (found) => found.endsWith('with commas"\r\n'))
  const [head = '', ...lines] = text.trim().split(/\r?\n/)
  expect(head).toContain('arrived_at,left_at,held_ms')
  expect(lines).toHaveLength(3)
  expect(lines.at(-1)).toContain('"""quoted"", with commas"')
})

test('secrets go into the one file for which that is said, and into no other', async () => {
  await openMenu()
  await confirmation().press('Enter')
  const withSecrets = await save(/^JSON Lines/, (text) => text.includes('"type":"row"') && text.includes(secret))
  expect(withSecrets).toContain(`Bearer ${secret}`)
  await openMenu()
  expect(await confirmation().getAttribute('aria-checked')).toBe('false')
  const redacted = await save(/^JSON Lines/, (text) => text.includes('"type":"row"') && text.includes('[redacted]'))
  expect(redacted).not.toContain(secret)
})
