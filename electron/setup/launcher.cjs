/**
 * Runs the app folder that is the first plain argument, as Electron's own default app does.
 * The app's CommonJS main is required and not imported: it has to run before the `ready` event.
 */
const { app } = require('electron')
const { readFileSync } = require('node:fs')
const path = require('node:path')

const folder = path.resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.')
const description = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
app.setAppPath(folder)
app.setName(description.productName ?? description.name)
app.setVersion(description.version ?? '0.0.0')
require(path.join(folder, description.main))
