import type { Direction, FramingFault, FramingRule, InflateIssue, MessageMark } from '../../proxy-core/contract/messages.ts'
import { formatBytes, formatCount } from '../text.ts'

/** Which way a message went, as an arrow and in words. */
export const directionWords: Readonly<Record<Direction, { readonly arrow: string; readonly short: string; readonly long: string }>> = {
  toUpstream: { arrow: '↑', short: 'upstream', long: 'from the client to the upstream' },
  toClient: { arrow: '↓', short: 'client', long: 'from the upstream to the client' },
}

/** What the codes of close messages are called (RFC 6455 §7.4.1 and the registry that it founds). */
const closeNames: Readonly<Record<number, string>> = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'data that is not accepted',
  1005: 'no code, which nobody may send',
  1006: 'cut, which nobody may send',
  1007: 'data that does not fit its type',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'extension missing',
  1011: 'error in the server',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS failed, which nobody may send',
}

/** A close code with its name. */
export function closeCodeWords(code: number): string {
  const name = closeNames[code]
  if (name !== undefined) return `${code} ${name}`
  return code >= 4000 && code < 5000 ? `${code} of the application` : `${code}`
}

/** A message in a list: its text, and what a close message says before its reason. */
export function messageLine({ opcode, closeCode }: MessageMark, preview: string): string {
  if (opcode !== 'close') return preview
  if (closeCode === null) return preview
  return preview === '' ? closeCodeWords(closeCode) : `${closeCodeWords(closeCode)}: ${preview}`
}

/** Why a compressed message is not shown as it was said. */
export function inflateIssueWords(issue: InflateIssue): string {
  switch (issue) {
    case 'invalid':
      return 'it can’t be inflated from some place on; what came before is shown'
    case 'too-large':
      return 'it grows beyond measure; its beginning is shown'
    case 'not-inflated':
      return 'it refers to a message that could not be inflated, or came too fast; its compressed bytes are shown'
    default:
      return issue satisfies never
  }
}

const ruleWords: Readonly<Record<FramingRule, string>> = {
  'reserved-bits': 'sets a reserved bit that nothing was agreed on for',
  'unknown-opcode': 'has an opcode that is not defined',
  'not-masked': 'is not masked, and a client’s must be',
  masked: 'is masked, and a server’s must not be',
  'control-fragmented': 'is a control frame in fragments',
  'control-too-long': 'is a control frame of more than 125 bytes',
  'length-not-minimal': 'writes its length in more bytes than it needs',
  'length-too-large': 'claims a length beyond all measure',
  'stray-continuation': 'continues a message that was not begun',
  'message-in-message': 'begins a message inside another',
}

/** Where and why a direction is no WebSocket any more. */
export function framingFaultWords({ direction, rule, atByte }: FramingFault): string {
  return `${directionWords[direction].arrow} What goes ${directionWords[direction].long} is no WebSocket from byte ${formatCount(atByte)} on: the frame there ${ruleWords[rule]}. It is passed on as it is, and shown in chunks.`
}

/** How long a message was in the tunnel, where that tells something. */
export function wireWords({ isCompressed, frames, wireBytes }: MessageMark): string | null {
  if (isCompressed) return `${formatBytes(wireBytes)}, compressed${frames > 1 ? `, in ${formatCount(frames)} frames` : ''}`
  return frames > 1 ? `${formatBytes(wireBytes)} in ${formatCount(frames)} frames` : null
}
