/** Options of curl by their letter. */
export const longOf: Readonly<Record<string, string>> = {
  X: '--request',
  H: '--header',
  d: '--data',
  G: '--get',
  I: '--head',
  u: '--user',
  A: '--user-agent',
  e: '--referer',
  b: '--cookie',
  r: '--range',
  N: '--no-buffer',
  k: '--insecure',
  L: '--location',
  s: '--silent',
  S: '--show-error',
  i: '--include',
  v: '--verbose',
  f: '--fail',
  g: '--globoff',
  o: '--output',
  m: '--max-time',
  T: '--upload-file',
  F: '--form',
  x: '--proxy',
  U: '--proxy-user',
  c: '--cookie-jar',
  D: '--dump-header',
  w: '--write-out',
  E: '--cert',
  K: '--config',
}

/** They take a value, and it is left out with them. */
const ignoredWithValue = new Set([
  '--output',
  '--max-time',
  '--connect-timeout',
  '--proxy',
  '--proxy-user',
  '--cookie-jar',
  '--dump-header',
  '--write-out',
  '--cacert',
  '--cert',
  '--cert-type',
  '--key',
  '--config',
  '--resolve',
  '--connect-to',
  '--interface',
  '--limit-rate',
  '--retry',
  '--retry-delay',
  '--retry-max-time',
  '--keepalive-time',
  '--unix-socket',
])

const valued = new Set([
  '--request',
  '--header',
  '--data',
  '--data-ascii',
  '--data-raw',
  '--data-binary',
  '--data-urlencode',
  '--json',
  '--form',
  '--form-string',
  '--upload-file',
  '--user',
  '--oauth2-bearer',
  '--user-agent',
  '--referer',
  '--cookie',
  '--range',
  '--url',
  '--url-query',
])

/** They change nothing about the request. */
const harmless = new Set([
  '--globoff',
  '--path-as-is',
  '--no-buffer',
  '--silent',
  '--show-error',
  '--include',
  '--verbose',
  '--fail',
  '--fail-with-body',
  '--no-progress-meter',
  '--http1.1',
])

export function takesValue(name: string): boolean {
  return ignoredWithValue.has(name) || valued.has(name)
}

/** Whether leaving an option out leaves the request as it is. */
export function isHarmless(name: string): boolean {
  return harmless.has(name)
}
