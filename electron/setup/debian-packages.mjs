/** Installs the Debian packages that the window and the tests need, where that is possible; elsewhere prints the command. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { isRoot, output, run, say } from './run.mjs'

/** Each entry is one need; its names are alternatives, the newer name first. */
const window = [['libgtk-3-0t64', 'libgtk-3-0'], ['libnss3'], ['libasound2t64', 'libasound2'], ['libgbm1'], ['libxss1']]
const tests = [['xvfb'], ['chromium'], ['nginx-light', 'nginx'], ['caddy'], ['haproxy'], ['openssl']]

/** Makes sure that what the window (and with `forTests` the tests) needs is there. Costs one look when it is. */
export async function ensureDebianPackages({ forTests }) {
  if (process.platform !== 'linux') return
  const missing = missingPackages(forTests ? [...window, ...tests] : window)
  if (missing.length === 0) return
  if (!isRoot) {
    say(`some Debian packages are missing. To install them: sudo ${commandLine(missing.map(installableName))}`)
    return
  }
  // A fresh machine has no package lists, so that no name could be found.
  await run('apt-get', ['update', '-qq'], { quiet: true })
  const names = missing.map(installableName)
  say(`installing Debian packages: ${names.join(' ')}`)
  if ((await withoutServices(() => install(names))) !== 0) say(`not all could be installed. To try again: ${commandLine(names)}`)
}

function commandLine(names) {
  return `apt-get install -y --no-install-recommends ${names.join(' ')}`
}

function missingPackages(needs) {
  const listed = output('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\n'])
  // Not a Debian: nothing is known about what its libraries are called.
  if (listed === null) return []
  const installed = new Set(
    listed
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.slice(0, line.indexOf(' '))),
  )
  return needs.filter((names) => !names.some((name) => installed.has(name)))
}

function installableName(names) {
  return names.find((name) => output('apt-cache', ['show', '--no-all-versions', name])) ?? names.at(-1)
}

function install(names) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env, onStdout: () => {} })
}

/** nginx, caddy and haproxy come with services that would take ports; policy-rc.d keeps them from starting. */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d'
  if (existsSync(policy)) return work()
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return await work()
  } finally {
    rmSync(policy)
  }
}
