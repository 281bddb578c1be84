// Issue 3 §4: a generated local certificate, never installed silently.
import { X509Certificate } from 'node:crypto'
import { chmod, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { LocalAuthority } from '../../proxy-core/local-ca.ts'
import { createAuthority, createKey, createServerCertificate } from '../../proxy-core/certificate.ts'
import { openTempFolder } from '../support/temp.ts'

const dayMs = 86_400_000

async function folder() {
  const temp = await openTempFolder()
  onTestFinished(() => temp.close())
  return temp
}

/** Connects by TLS and gives back what the server showed; a refusal is thrown. */
async function handshake(server: Parameters<typeof createServer>[0], ca: string, to: { host?: string; servername?: string }) {
  const listening = createServer(server)
  onTestFinished(() => void listening.close())
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const socket = connect({ port: (listening.address() as AddressInfo).port, host: '127.0.0.1', ca, ...to })
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
  return socket.getPeerCertificate(true)
}

const leafOf = (authority: LocalAuthority, host = 'localhost') => new X509Certificate(authority.credentials(host).cert)

test('the authority is made once, is kept, and its key is for its owner alone', async () => {
  const temp = await folder()
  const first = await LocalAuthority.open(temp.path)
  const again = await LocalAuthority.open(temp.path)
  expect(again.certificate).toEqual(first.certificate)
  expect(first.certificate.file).toBe(temp.file('local-ca.crt'))
  expect(await readFile(temp.file('local-ca.crt'), 'utf8')).toBe(first.certificate.certificate)
  expect(await readFile(temp.file('local-ca.crt'), 'utf8')).not.toContain('PRIVATE')
  expect((await readdir(temp.path)).sort()).toEqual(['local-ca-key.pem', 'local-ca.crt'])
  expect((await stat(temp.file('local-ca-key.pem'))).mode & 0o777).toBe(0o600)
})

test('a key file that others can read is closed to them again', async () => {
  const temp = await folder()
  const first = await LocalAuthority.open(temp.path)
  await chmod(temp.file('local-ca-key.pem'), 0o644)
  expect((await LocalAuthority.open(temp.path)).certificate).toEqual(first.certificate)
  expect((await stat(temp.file('local-ca-key.pem'))).mode & 0o777).toBe(0o600)
})

test.for(['empty', 'garbage', 'cut', 'another key'])(
  'a key file that is broken (%s) is replaced by a new authority, for its owner alone',
  async (how) => {
    const temp = await folder()
    const first = await LocalAuthority.open(temp.path)
    const good = await readFile(temp.file('local-ca-key.pem'), 'utf8')
    const other = createKey().export({ type: 'pkcs8', format: 'pem' }) as string
    const bad =
      { empty: '', garbage: 'garbage', cut: good.slice(0, -60), 'another key': other + good.slice(good.indexOf('-----BEGIN CERT')) }[how] ??
      ''
    await writeFile(temp.file('local-ca-key.pem'), bad)
    await chmod(temp.file('local-ca-key.pem'), 0o644)
    const second = await LocalAuthority.open(temp.path)
    expect(second.certificate.fingerprint).not.toBe(first.certificate.fingerprint)
    expect((await stat(temp.file('local-ca-key.pem'))).mode & 0o777).toBe(0o600)
    expect((await LocalAuthority.open(temp.path)).certificate).toEqual(second.certificate)
  },
)

test('without a folder, or with one that can’t be written, the authority lives in memory', async () => {
  expect((await LocalAuthority.open(null)).certificate.file).toBeNull()
  const temp = await folder()
  await writeFile(temp.file('a-file'), '')
  const authority = await LocalAuthority.open(temp.file('a-file'))
  expect(authority.certificate.file).toBeNull()
  expect(leafOf(authority).subjectAltName).toContain('DNS:localhost')
})

test('an authority that is about to expire is replaced at the next start', async () => {
  const temp = await folder()
  const first = await LocalAuthority.open(temp.path)
  const late = first.certificate.validUntil - 60 * dayMs
  const second = await LocalAuthority.open(temp.path, () => late)
  expect(second.certificate.fingerprint).not.toBe(first.certificate.fingerprint)
  expect(second.certificate.validUntil).toBeGreaterThan(late + 3000 * dayMs)
})

test('the certificate names this machine, counts for at most 397 days, and is renewed before it expires', async () => {
  let now = Date.now()
  const authority = await LocalAuthority.open(null, () => now)
  const first = leafOf(authority)
  expect(first.subjectAltName).toBe('DNS:localhost, DNS:*.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  expect(Date.parse(first.validTo) - Date.parse(first.validFrom)).toBeLessThanOrEqual(397 * dayMs)
  expect(Date.parse(first.validFrom)).toBeLessThan(now)
  now = authority.credentials('localhost').renewAt - 1000
  expect(leafOf(authority).fingerprint256).toBe(first.fingerprint256)
  now = authority.credentials('localhost').renewAt
  expect(now).toBeLessThan(Date.parse(first.validTo) - 7 * dayMs)
  const renewed = leafOf(authority)
  expect(renewed.fingerprint256).not.toBe(first.fingerprint256)
  expect(Date.parse(renewed.validTo)).toBeGreaterThan(now + 60 * dayMs)
  expect(renewed.verify(new X509Certificate(authority.certificate.certificate).publicKey)).toBe(true)
})

test('every name below localhost and every loopback address gets a certificate that a client accepts', async () => {
  const authority = await LocalAuthority.open(null)
  const { certificate: ca } = authority.certificate
  const options = {
    ...authority.credentials('127.0.0.1'),
    SNICallback: (name: string, done: (error: null, context: ReturnType<typeof authority.context>) => void) =>
      done(null, authority.context(name)),
  }
  for (const servername of ['localhost', 'stream.localhost', 'a.b.localhost', 'STREAM.localhost']) {
    expect((await handshake(options, ca, { servername })).subjectaltname).toContain(`DNS:${servername.toLowerCase()}`)
  }
  expect((await handshake(options, ca, {})).subjectaltname).toContain('IP Address:127.0.0.1')
  expect(leafOf(authority, '127.9.8.7').subjectAltName).toContain('IP Address:127.9.8.7')
})

test('a host that is not of this machine gets no certificate of its own, so that its client refuses', async () => {
  const authority = await LocalAuthority.open(null)
  const options = {
    ...authority.credentials('127.0.0.1'),
    SNICallback: (name: string, done: (error: null, context: ReturnType<typeof authority.context>) => void) =>
      done(null, authority.context(name)),
  }
  for (const servername of ['example.com', 'localhost.example.com', 'notlocalhost', 'xn--localhost']) {
    await expect(handshake(options, authority.certificate.certificate, { servername })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  }
})

test('with the authority’s key nobody can stand in for another site', async () => {
  const validity = { from: Date.now() - dayMs, until: Date.now() + 30 * dayMs }
  const authority = createAuthority('a test', validity)
  const key = createKey()
  const serverFor = (names: readonly [string, ...string[]]) => ({
    key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: createServerCertificate({ authority, key, names, validity }).toString(),
  })
  const ca = authority.certificate.toString()
  for (const names of [['example.com'], ['localhost', 'example.com'], ['10.0.0.1'], ['2001:db8::1']] as [string, ...string[]][]) {
    await expect(
      handshake(serverFor(names), ca, { servername: names.at(-1)?.includes('.com') ? 'example.com' : 'localhost' }),
    ).rejects.toThrow('permitted subtree violation')
  }
  expect((await handshake(serverFor(['localhost']), ca, { servername: 'localhost' })).subject.CN).toBe('localhost')
})
