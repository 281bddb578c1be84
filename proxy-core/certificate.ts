import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { bits, boolean, objectId, octets, parts, sequence, set, tagged, time, unsigned, utf8 } from './der.ts'

/** A key and the certificate of it. */
export interface Identity {
  readonly key: KeyObject
  readonly certificate: X509Certificate
}

/** From when until when a certificate counts; epoch milliseconds. */
export interface Validity {
  readonly from: number
  readonly until: number
}

/** Makes a P-256 key, which every TLS client knows. */
export function createKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
}

/**
 * Makes a certificate authority that signs itself. It can vouch for names of this machine alone (RFC 5280 §4.2.1.10): whoever stole its
 * key could not stand in for any other site, even where it is trusted.
 */
export function createAuthority(name: string, validity: Validity): Identity {
  const key = createKey()
  const certificate = issue({
    serial: serialNumber(),
    issuer: commonName(name),
    issuerKey: key,
    subject: commonName(name),
    subjectKey: key,
    validity,
    extensions: [
      extension('2.5.29.19', true, sequence(boolean(true), unsigned(Buffer.from([0])))),
      // keyCertSign and cRLSign
      extension('2.5.29.15', true, bits(Buffer.from([0b0000_0110]), 1)),
      extension('2.5.29.37', false, sequence(objectId(serverAuthentication))),
      extension('2.5.29.30', true, sequence(tagged(0, true, ...thisMachine.map((base) => sequence(base))))),
      extension('2.5.29.14', false, octets(keyId(key))),
    ],
  })
  return { key, certificate }
}

/** Makes a certificate with which a server proves the names: host names, a leading `*.` allowed, and IP addresses. */
export function createServerCertificate(input: {
  readonly authority: Identity
  readonly key: KeyObject
  readonly names: readonly [string, ...string[]]
  readonly validity: Validity
}): X509Certificate {
  const { authority, key, names, validity } = input
  return issue({
    serial: serialNumber(),
    issuer: subjectOf(authority.certificate),
    issuerKey: authority.key,
    subject: commonName(names[0]),
    subjectKey: key,
    validity,
    extensions: [
      extension('2.5.29.19', true, sequence()),
      // digitalSignature
      extension('2.5.29.15', true, bits(Buffer.from([0b1000_0000]), 7)),
      extension('2.5.29.37', false, sequence(objectId(serverAuthentication))),
      extension('2.5.29.17', false, sequence(...names.map(alternativeName))),
      extension('2.5.29.14', false, octets(keyId(key))),
      extension('2.5.29.35', false, sequence(tagged(0, false, keyId(authority.key)))),
    ],
  })
}

const serverAuthentication = '1.3.6.1.5.5.7.3.1'
const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'))

/** What the authority may vouch for: localhost and the names below it, 127.0.0.0/8, ::1. */
const thisMachine = [
  tagged(2, false, Buffer.from('localhost')),
  tagged(7, false, Buffer.from([127, 0, 0, 0, 255, 0, 0, 0])),
  tagged(7, false, Buffer.concat([Buffer.alloc(15), Buffer.from([1]), Buffer.alloc(16, 0xff)])),
]

// RFC 5280 §4.1
function issue(input: {
  readonly serial: Buffer
  readonly issuer: Buffer
  readonly issuerKey: KeyObject
  readonly subject: Buffer
  readonly subjectKey: KeyObject
  readonly validity: Validity
  readonly extensions: readonly Buffer[]
}): X509Certificate {
  const { serial, issuer, issuerKey, subject, subjectKey, validity, extensions } = input
  const body = sequence(
    tagged(0, true, unsigned(Buffer.from([2]))),
    unsigned(serial),
    ecdsaWithSha256,
    issuer,
    sequence(time(validity.from), time(validity.until)),
    subject,
    publicPart(subjectKey),
    tagged(3, true, sequence(...extensions)),
  )
  return new X509Certificate(sequence(body, ecdsaWithSha256, bits(sign('sha256', body, issuerKey))))
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octets(value))
}

/** At least 64 random bits are asked for, so that nobody can foresee what is signed; the first bit stays clear. */
function serialNumber(): Buffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return serial
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectId('2.5.4.10'), utf8('Sluice'))), set(sequence(objectId('2.5.4.3'), utf8(name))))
}

/** The subject byte by byte, as an issuer is compared: the sixth part of what is signed (RFC 5280 §4.1). */
function subjectOf(certificate: X509Certificate): Buffer {
  const [signed = Buffer.alloc(0)] = parts(certificate.raw)
  return parts(signed)[5] ?? Buffer.alloc(0)
}

function publicPart(key: KeyObject): Buffer {
  const { kty, crv, x, y } = key.export({ format: 'jwk' })
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined) throw new Error('The key is not a P-256 key.')
  return sequence(sequence(objectId('1.2.840.10045.2.1'), objectId('1.2.840.10045.3.1.7')), bits(point(x, y)))
}

/** An uncompressed point (SEC 1 §2.3.3). */
function point(x: string, y: string): Buffer {
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}

/** RFC 7093 §2: the leftmost 160 bits of the SHA-256 of the public key. */
function keyId(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return createHash('sha256').update(point(x, y)).digest().subarray(0, 20)
}

function alternativeName(name: string): Buffer {
  const version = isIP(name)
  return version === 0 ? tagged(2, false, Buffer.from(name, 'ascii')) : tagged(7, false, addressBytes(name, version))
}

function addressBytes(address: string, version: number): Buffer {
  if (version === 4) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]))
}
