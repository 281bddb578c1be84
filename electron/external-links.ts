/** The only places that a link may open, and only in the user's browser. */
const externalOrigins: ReadonlySet<string> = new Set(['https://html.spec.whatwg.org', 'https://www.rfc-editor.org', 'https://nginx.org'])

/** Whether a link may be handed to the user's browser. */
export function isAllowedLink(address: string): boolean {
  const url = parse(address)
  return url !== null && url.protocol === 'https:' && externalOrigins.has(url.origin)
}

function parse(address: string): URL | null {
  try {
    return new URL(address)
  } catch {
    return null
  }
}
