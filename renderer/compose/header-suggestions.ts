const types = ['text/event-stream', 'application/json', 'application/x-ndjson', 'text/plain', 'text/html', '*/*']
const flags = ['true', 'false']

/** Values that are common for a field, by its name; every name is suggested itself. */
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  Accept: [...types, 'application/json, text/event-stream'],
  'Accept-Encoding': ['identity', 'gzip', 'gzip, deflate, br, zstd'],
  'Accept-Language': ['en', 'en-US,en;q=0.9', 'de', '*'],
  'Access-Control-Request-Headers': ['authorization, content-type'],
  'Access-Control-Request-Method': ['GET', 'POST', 'PUT', 'DELETE'],
  Authorization: ['Bearer ', 'Basic '],
  'Cache-Control': ['no-cache', 'no-store', 'no-transform', 'max-age=0'],
  'Content-Encoding': ['gzip', 'br', 'zstd'],
  'Content-Language': ['en'],
  'Content-Type': [
    'application/json',
    'application/x-www-form-urlencoded',
    'application/x-ndjson',
    'text/plain; charset=utf-8',
    'text/event-stream',
  ],
  Cookie: [],
  Date: [],
  DNT: ['1'],
  Expect: ['100-continue'],
  Forwarded: ['for=127.0.0.1;proto=https'],
  From: [],
  Host: ['localhost', '127.0.0.1'],
  'Idempotency-Key': [],
  'If-Match': ['*'],
  'If-Modified-Since': [],
  'If-None-Match': ['*'],
  'If-Range': [],
  'If-Unmodified-Since': [],
  'Last-Event-ID': [],
  Link: [],
  'Max-Forwards': ['0', '10'],
  'MCP-Protocol-Version': ['2025-06-18', '2025-11-25'],
  'Mcp-Session-Id': [],
  'OpenAI-Beta': [],
  'OpenAI-Organization': [],
  'OpenAI-Project': [],
  Origin: ['http://localhost:3000', 'null'],
  Pragma: ['no-cache'],
  Prefer: ['respond-async', 'return=minimal', 'return=representation'],
  Priority: ['u=1, i'],
  Range: ['bytes=0-', 'bytes=0-1023'],
  Referer: [],
  'Sec-Fetch-Mode': ['cors', 'navigate', 'no-cors'],
  'Sec-Fetch-Site': ['same-origin', 'cross-site', 'none'],
  Traceparent: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  Tracestate: [],
  'User-Agent': [],
  'X-Accel-Buffering': ['no', 'yes'],
  'X-Forwarded-For': ['127.0.0.1'],
  'X-Forwarded-Proto': ['https', 'http'],
  'X-Goog-Api-Key': [],
  'X-Request-ID': [],
  'X-Requested-With': ['XMLHttpRequest'],
  'X-Stainless-Helper-Method': ['stream'],
  'anthropic-beta': [],
  'anthropic-dangerous-direct-browser-access': flags,
  'anthropic-version': ['2023-06-01'],
  'api-key': [],
  'x-api-key': [],
}

/** Names of request fields: the standard ones, and those of well-known services. */
export const headerNames: readonly string[] = Object.keys(valuesOf).sort((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1))

const valuesByLowerName = new Map(Object.entries(valuesOf).map(([name, values]) => [name.toLowerCase(), values]))

/** Common values of a field. */
export function headerValues(name: string): readonly string[] {
  return valuesByLowerName.get(name.trim().toLowerCase()) ?? []
}
