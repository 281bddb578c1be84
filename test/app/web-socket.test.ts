import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSwitchingUpstream, type RawTunnel, type SwitchingUpstream } from '../support/raw-tunnel.ts'
import { frame } from '../support/web-socket-frames.ts'
import { accessibilityFaults } from './support/axe.ts'
import { keepScreenshot, launchApp, type LaunchedApp } from './support/launch.ts'

// One WebSocket with messages of every kind; the tests follow one another in one window, by keyboard.

const key = [7, 77, 177, 250] as const
const markup = '<img class=planted src=x onerror="window.hasRun=1">'
const fromClient = [
  frame({ opcode: 1, payload: JSON.stringify({ ask: 'orders', html: markup }), key }),
  frame({ opcode: 9, payload: 'still there', key }),
]
const fromServer = [
  frame({ opcode: 1, payload: markup }),
  frame({ opcode: 2, payload: Buffer.from([0, 1, 2, 254, 255]) }),
  frame({ opcode: 8, payload: Buffer.concat([Buffer.from([0x03, 0xe9]), Buffer.from(markup)]) }),
]

let upstream: SwitchingUpstream
let tunnel: RawTunnel
let sluice: LaunchedApp
let window: Page
const grid = () => window.getByRole('grid', { name: 'Messages, oldest first' })
const cells = (row: number) => grid().getByRole('row').nth(row).getByRole('gridcell').allInnerTexts()
const detail = (index: number) => window.getByRole('region', { name: `message ${String(index)}`, exact: true })
const press = async (...keys: string[]) => {
  for (const each of keys) await window.keyboard.press(each)
}

beforeAll(async () => {
  upstream = await startSwitchingUpstream()
  sluice = await launchApp({ config: `version: 1\nroutes:\n  - id: socket\n    match: { path: /socket }\n    upstream: ${upstream.url}\n` })
  window = sluice.window
  tunnel = await upstream.open(sluice.url)
  let sent = 0
  for (const bytes of fromClient) {
    tunnel.client.socket.write(bytes)
    await tunnel.upstream.until((sent += bytes.length))
  }
  let answered = 0
  for (const bytes of fromServer) {
    tunnel.upstream.socket.write(bytes)
    await tunnel.client.until((answered += bytes.length))
  }
  await window.getByRole('row', { name: /\/socket/ }).click()
  await window.getByRole('tab', { name: 'Messages 3' }).waitFor()
})
afterAll(async () => {
  await sluice?.close()
  await upstream?.close()
})

test('each message is a row that says which way it went, what it is and what it said', async () => {
  await grid().getByRole('row').nth(5).waitFor()
  const rows: string[] = []
  for (let row = 1; row <= 5; row++) rows.push((await cells(row)).slice(0, 4).join(' | ').replaceAll('\n', ' '))
  expect(rows).toEqual([
    `1 | ↑upstream | text | {"ask":"orders","html":${JSON.stringify(markup)}}`,
    '2 | ↑upstream | ping | still there',
    `3 | ↓client | text | ${markup}`,
    '4 | ↓client | binary | 00 01 02 fe ff',
    `5 | ↓client | close | 1001 going away: ${markup}`,
  ])
  expect(await grid().getByTitle('Goes from the client to the upstream').count()).toBe(2)
  await window.getByText('upstream', { exact: true }).first().waitFor()
})

test('a message opens by keyboard: a tree for JSON, bytes for binary, code and reason for a close', async () => {
  await grid().focus()
  await press('Home')
  const first = detail(1)
  await first.getByText('text, to upstream').waitFor()
  await first.getByText('from the client to the upstream').waitFor()
  await first.getByRole('tree', { name: 'JSON' }).getByText('orders').waitFor()
  await keepScreenshot(window, 'web-socket-json')
  await press('ArrowDown', 'ArrowDown', 'ArrowDown')
  await detail(4).getByRole('grid', { name: 'Bytes as hex' }).getByText('00 01 02 fe').first().waitFor()
  await press('End')
  await detail(5).getByText('1001 going away').waitFor()
  await detail(5).locator('pre, [data-selectable]').getByText(markup).first().waitFor()
  await keepScreenshot(window, 'web-socket-close')
})

test('what was said is shown as text wherever it stands, and is accessible in both themes', async () => {
  expect(await window.locator('.planted').count()).toBe(0)
  expect(await window.evaluate(() => 'hasRun' in globalThis)).toBe(false)
  expect(await accessibilityFaults(window)).toEqual([])
  await press('Escape')
})

test('a search finds messages by what they say, by their type, and by the way they went', async () => {
  await press('Control+f')
  await window.keyboard.type('ping')
  await window.getByText('1 match').first().waitFor()
  await press('Control+a')
  await window.keyboard.type('orders')
  await window.getByText('1 match').first().waitFor()
  await press('Control+a', 'Backspace')
  const ways = window.getByRole('radiogroup', { name: 'Which way' })
  await ways.getByRole('radio', { name: 'Both ways' }).focus()
  await press('ArrowRight', 'ArrowRight')
  await window.getByText('3 matches').waitFor()
  await window.getByRole('button', { name: 'Hide what does not match' }).focus()
  await press('Enter')
  await expect.poll(() => window.getByRole('grid', { name: 'Matches, oldest first' }).getByRole('row').count()).toBe(4)
  await keepScreenshot(window, 'web-socket-search')
  await window.getByRole('button', { name: 'Hide what does not match' }).press('Enter')
  await window.getByRole('button', { name: 'Close the search' }).press('Enter')
})

test('where frames end the notice names the way, the byte and the rule, and what is cut is named at the end', async () => {
  tunnel.upstream.socket.write('HTTP/1.1 200 OK')
  const atByte = Buffer.concat(fromServer).length
  await window.getByText(`What goes from the upstream to the client is no WebSocket from byte ${String(atByte)} on`).waitFor()
  await grid().getByRole('row').nth(6).getByText('HTTP/1.1 200 OK').waitFor()
  tunnel.client.socket.end(frame({ opcode: 1, payload: 'never whole', key }).subarray(0, 10))
  await window.getByText('The last 10 B from the client to the upstream are no whole message').waitFor()
  await keepScreenshot(window, 'web-socket-broken')
  expect(sluice.problems).toEqual([])
})
