import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { createAuthority, createKey, createServerCertificate, type Identity } from './certificate.ts'
import { now as readClock } from './clock.ts'
import { isLoopbackName } from './guard.ts'
import { writeAtomically } from './write-atomically.ts'

/** What a client needs in order to trust the listeners. */
export interface AuthorityCertificate {
  /** Where the certificate lies, for tools that take a file; null when it is kept in memory alone. */
  readonly file: string | null
  /** In PEM. */
  readonly certificate: string
  /** Its SHA-256 in hexadecimal, as browsers show it. */
  readonly fingerprint: string
  readonly validUntil: number
}

/** What a TLS server shows to clients that name no host, until it is time to ask again. */
export interface ServerCredentials {
  readonly key: string
  readonly cert: string
  readonly renewAt: number
}

const dayMs = 86_400_000
const authorityDays = 3650
// Some clients refuse more than 397 days, and short ones need no revoking.
const serverDays = 90
const renewalDays = 30
/** Clocks of clients may be behind. */
const backdatedDays = 1
/** Names come from clients: only so many get a certificate of their own at a time. */
const nameLimit = 200
const ownNames = ['localhost', '*.localhost', '127.0.0.1', '::1'] as const

/**
 * The certificate authority of this user and this machine, which vouches for the TLS listeners. It is made here and kept in a folder; its
 * key leaves neither. Nothing is ever installed: a client trusts it when its user says so.
 */
export class LocalAuthority {
  readonly certificate: AuthorityCertificate
  readonly #authority: Identity
  readonly #now: () => number
  readonly #key = createKey()
  readonly #keyPem = this.#key.export({ type: 'pkcs8', format: 'pem' }) as string
  readonly #byName = new Map<string, Issued>()

  private constructor(authority: Identity, file: string | null, now: () => number) {
    this.#authority = authority
    this.#now = now
    this.certificate = {
      file,
      certificate: authority.certificate.toString(),
      fingerprint: authority.certificate.fingerprint256,
      validUntil: Date.parse(authority.certificate.validTo),
    }
  }

  /** Reads the authority kept in a folder, or makes one; a folder that can't be written leaves it in memory, as null does. */
  static async open(folder: string | null, now: () => number = readClock): Promise<LocalAuthority> {
    const made = (): Identity =>
      createAuthority(`Sluice on this computer ${new Date(now()).toISOString().slice(0, 10)}`, {
        from: now() - backdatedDays * dayMs,
        until: now() + authorityDays * dayMs,
      })
    if (folder === null) return new LocalAuthority(made(), null, now)
    const keyFile = join(folder, keyFileName)
    const kept = (await readIdentity(keyFile, now())) ?? (await keep(keyFile, made()).catch(() => null))
    if (kept === null) return new LocalAuthority(made(), null, now)
    const file = join(folder, certificateFileName)
    const isWritten = await writeCertificate(file, kept.certificate.toString())
    return new LocalAuthority(kept, isWritten ? file : null, now)
  }

  /** For clients that name no host, as those do that connect to the address of a listener. */
  credentials(host: string): ServerCredentials {
    const { cert, renewAt } = this.#issued(ownName(host))
    return { key: this.#keyPem, cert, renewAt }
  }

  /** For clients that name a host (RFC 6066 §3). A name that is not of this machine gets no certificate of its own: its client refuses. */
  context(serverName: string): SecureContext {
    const issued = this.#issued(ownName(serverName))
    return (issued.context ??= createSecureContext({ key: this.#keyPem, cert: issued.cert }))
  }

  #issued(name: string): Issued {
    const at = this.#now()
    const known = this.#byName.get(name)
    if (known && at < known.renewAt) return known
    const until = Math.min(at + serverDays * dayMs, this.certificate.validUntil)
    // Clients take a wildcard only below a name of two parts, so that *.localhost alone would help none of them.
    const cert = createServerCertificate({
      authority: this.#authority,
      key: this.#key,
      names: name === 'localhost' ? ownNames : [name, ...ownNames],
      validity: { from: at - backdatedDays * dayMs, until },
    })
    const issued: Issued = {
      cert: `${pem(cert)}\n${pem(this.#authority.certificate)}\n`,
      renewAt: until - renewalDays * dayMs,
      context: null,
    }
    this.#byName.delete(name)
    this.#byName.set(name, issued)
    const [oldest] = this.#byName.keys()
    if (this.#byName.size > nameLimit && oldest !== undefined) this.#byName.delete(oldest)
    return issued
  }
}

interface Issued {
  /** The chain, in PEM. */
  readonly cert: string
  readonly renewAt: number
  context: SecureContext | null
}

const keyFileName = 'local-ca-key.pem'
const certificateFileName = 'local-ca.crt'
const hostForm = /^[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9_])?$/

function ownName(host: string): string {
  const name = host.toLowerCase()
  return hostForm.test(name) && isLoopbackName(name) ? name : 'localhost'
}

/** Key and certificate lie in one file, so that they can't part. What is broken, foreign or has expired is replaced. */
async function readIdentity(file: string, at: number): Promise<Identity | null> {
  try {
    const text = await readFile(file, 'utf8')
    const key = createPrivateKey(text)
    const certificate = new X509Certificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE-----')))
    const isOurs = certificate.ca && certificate.checkPrivateKey(key)
    if (!isOurs || Date.parse(certificate.validTo) < at + serverDays * dayMs) return null
    // Who can read the key can vouch for this machine's names.
    if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600)
    return { key, certificate }
  } catch {
    return null
  }
}

async function keep(file: string, made: Identity): Promise<Identity> {
  // A file that is replaced would hand its mode on.
  await rm(file, { force: true })
  await writeAtomically(file, `${made.key.export({ type: 'pkcs8', format: 'pem' }) as string}${pem(made.certificate)}\n`)
  // Another gateway may have made one at the same moment: what lies there now counts for both.
  return (await readIdentity(file, 0)) ?? made
}

async function writeCertificate(file: string, text: string): Promise<boolean> {
  if ((await readFile(file, 'utf8').catch(() => null)) === text) return true
  return writeAtomically(file, text).then(
    () => true,
    () => false,
  )
}

function pem(certificate: X509Certificate): string {
  return certificate.toString().trimEnd()
}
