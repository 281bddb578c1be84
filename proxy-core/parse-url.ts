/** A URL, or null for text that is none. `URL.canParse` and `URL.parse` are younger than some of the runtimes that this runs in. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
