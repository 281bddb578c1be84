import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { request } from '../support/client.ts'
import { launchHostile } from './support/hostile-launch.ts'
import { keepScreenshot, type LaunchedApp } from './support/launch.ts'
import { link, markup } from './support/planted.ts'

// The same hostile texts in every other place that shows what came from elsewhere: an imported file, its name, the config, what is
// sought and sent again. The tests follow one another in one window.

const shortMarkup = '<img class=planted src=x onerror=a()>'
const chunk = (delta: object) => JSON.stringify({ object: 'chat.completion.chunk', model: markup, choices: [{ index: 0, delta }] })
const markdown = `${markup}\n\n[click](javascript:window.hasRun=1) ![p](https://example.com/p.png) <${link}>\n\n# ${markup}\n\n| ${markup} | ${link} |\n| - | - |\n| ${markup} | ${link} |\n`
const har = {
  log: {
    version: '1.2',
    entries: [
      {
        startedDateTime: '2026-01-02T03:04:05.000Z',
        time: 900,
        request: {
          method: shortMarkup,
          url: `https://example.com/${markup}?javascript:window.hasRun=1`,
          httpVersion: markup,
          headers: [
            { name: markup, value: markup },
            { name: 'Referer', value: 'javascript:window.hasRun=1' },
          ],
          postData: { text: `${markup}${link}` },
        },
        response: {
          status: 200,
          headers: [
            { name: markup, value: link },
            { name: 'Location', value: 'javascript:window.hasRun=1' },
          ],
          content: { mimeType: `text/event-stream; ${markup}`, text: markup },
        },
        timings: { send: 1, wait: 20 },
        _eventSourceMessages: [
          { time: 1_767_323_045.1, eventName: 'message', eventId: markup, data: chunk({ content: markdown, reasoning_content: markdown }) },
          {
            time: 1_767_323_045.2,
            eventName: 'message',
            eventId: '',
            data: chunk({
              tool_calls: [{ index: 0, id: markup, function: { name: markup, arguments: JSON.stringify({ markup, link }) } }],
            }),
          },
          { time: 1_767_323_045.3, eventName: link, eventId: markup, data: markup },
        ],
      },
    ],
  },
}

let sluice: LaunchedApp
let window: Page

const hostile = launchHostile(
  async (exchange) => {
    await exchange.eventStream()
    await exchange.chunk(`retry: 1\nid: ${markup}\ndata: ${markup}\n\nid: 2\ndata: ${markup}`)
    exchange.destroy()
  },
  (upstreamUrl) => `version: 1
routes:
  - id: cut
    name: '${link}'
    match: { path: /cut* }
    upstream: ${upstreamUrl}
    headers: { request: { set: { X-Set: '${markup}' } } }
`,
)
const { expectNothingRuns } = hostile
beforeAll(() => {
  ;({ sluice, window } = hostile)
})

test('an imported file whose every value is markup, its name too, is shown as text in every tab', async () => {
  const choosing = window.waitForEvent('filechooser')
  await window.getByRole('button', { name: /^Import/ }).click()
  await (await choosing).setFiles({ name: `${shortMarkup}.har`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(har)) })
  await window.getByText(`from ${shortMarkup}.har`).waitFor()
  for (const name of ['Events', 'Assembled', 'Headers', 'Raw', 'Timing']) {
    await window.getByRole('tab', { name: new RegExp(`^${name}`) }).click()
    await window.getByRole('tabpanel', { name: new RegExp(`^${name}`) }).waitFor()
    if (name !== 'Timing') await window.getByRole('tabpanel').getByText('planted').first().waitFor()
    await expectNothingRuns()
    await keepScreenshot(window, `hostile-import-${name.toLowerCase()}`)
  }
  await window.getByRole('tab', { name: 'Assembled' }).click()
  await window.getByRole('radio', { name: 'Plain' }).click({ force: true })
  await window.getByRole('tabpanel').getByText('javascript:').first().waitFor()
})

test('markup that is sought, filtered by and kept as a filter is shown as text', async () => {
  await window.getByRole('tab', { name: /^Events/ }).click()
  await window.keyboard.press('Control+f')
  await window.getByRole('textbox', { name: 'Search in events' }).fill(markup.slice(0, 20))
  await window.getByRole('search').getByText(/match/).waitFor()
  await expectNothingRuns()
  const filter = window.getByRole('combobox', { name: 'Filter exchanges' })
  await filter.fill(`path:${markup} method:`)
  await window.getByRole('option').first().waitFor()
  await expectNothingRuns()
  await filter.fill(`status:${markup}`)
  await window.getByText('This term hides nothing.').first().waitFor()
  await expectNothingRuns()
  await filter.fill('')
})

test('markup in a request that is sent again, and in two that are compared, is shown as text', async () => {
  const row = window.getByRole('grid', { name: 'Exchanges, newest first' }).getByRole('row').nth(1)
  await row.click({ button: 'right' })
  await window.getByRole('menuitem', { name: 'Send again…' }).click()
  await window.getByRole('dialog', { name: 'Send a request' }).waitFor()
  await expectNothingRuns()
  await keepScreenshot(window, 'hostile-request')
  await window.keyboard.press('Escape')
  await request(`${sluice.url}/cut`).then(({ client }) => client.close())
  await window.getByRole('row', { name: /\/cut/ }).click({ button: 'right' })
  await window.getByRole('menuitem', { name: 'Compare with…' }).click()
  await window
    .getByRole('dialog', { name: /^Compare/ })
    .getByRole('option')
    .first()
    .waitFor()
  await expectNothingRuns()
  await window.keyboard.press('Enter')
  await window.getByRole('region', { name: 'Comparison' }).getByText('planted').first().waitFor()
  await keepScreenshot(window, 'hostile-comparison')
  await expectNothingRuns()
  await window.keyboard.press('Escape')
})

test('markup in the id that a client goes on from, and in what a stream was cut in, is shown as text', async () => {
  await request(`${sluice.url}/cut?again`, { fields: { 'Last-Event-ID': markup } }).then(({ client }) => client.close())
  await window.getByRole('row', { name: /\/cut\?again/ }).click()
  await window.getByText(/from id <img/).waitFor()
  await window.getByText(/are unterminated/).waitFor()
  await keepScreenshot(window, 'hostile-reconnect')
})

test('markup in the commands of the palette is shown as text', async () => {
  await window.keyboard.press('Control+k')
  const palette = window.getByRole('dialog', { name: 'Commands' })
  await palette
    .getByRole('option', { name: /planted/ })
    .first()
    .waitFor()
  await expectNothingRuns()
  await window.keyboard.type(markup.slice(0, 12))
  await expectNothingRuns()
  await window.keyboard.press('Escape')
})

test('markup in a config file that is not taken is shown as text', async () => {
  await writeFile(
    path.join(sluice.userData, 'sluice.yaml'),
    `version: 1\n'${markup}': 1\nroutes:\n  - id: '${markup}'\n    upstream: '${link}'\n`,
  )
  await window.getByText('The config file was not taken.').waitFor()
  await window.getByRole('alert').or(window.locator('body')).getByText('planted').first().waitFor()
  await keepScreenshot(window, 'hostile-config')
  expect(await window.locator('[data-route]').count()).toBe(1)
})
