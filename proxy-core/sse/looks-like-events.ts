/** Bytes after which a body that does not look like events is taken for something else. */
export const telltaleBytes = 512

/**
 * Whether the first bytes of a body are those of an event stream, whatever it is called: fields and comments, then data.
 * A server that leaves the media type out still writes `data:` at the start of a line, and hardly anything else does.
 */
export function looksLikeEvents(start: Uint8Array): boolean {
  const text = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, telltaleBytes))
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
  return /^(?:(?:event|id|retry)?:[^\r\n]*(?:\r\n|\n|\r)+)*data:/.test(text)
}
