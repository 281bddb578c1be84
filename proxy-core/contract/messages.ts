/** Which way something went through a tunnel. */
export type Direction = 'toUpstream' | 'toClient'

/** What a WebSocket message is (RFC 6455 §5.2, §5.5). */
export type MessageOpcode = 'text' | 'binary' | 'ping' | 'pong' | 'close'

/** What is amiss with a compressed message: it can't be undone, is shown as far as it may grow, or comes behind one of those. */
export type InflateIssue = 'invalid' | 'too-large' | 'not-inflated'

/** What a row of a WebSocket is, beside its bytes. */
export interface MessageMark {
  readonly direction: Direction
  /** Null for bytes of which the framing can't be told. */
  readonly opcode: MessageOpcode | null
  /** Frames that it came in. */
  readonly frames: number
  /** Its length in the tunnel, heads of frames included. */
  readonly wireBytes: number
  /** It came compressed (RFC 7692). */
  readonly isCompressed: boolean
  readonly issue: InflateIssue | null
  /** Of a close message that has one. */
  readonly closeCode: number | null
}

/** The rule of RFC 6455 (§5.1 to §5.5) that a frame breaks. */
export type FramingRule =
  | 'reserved-bits'
  | 'unknown-opcode'
  | 'not-masked'
  | 'masked'
  | 'control-fragmented'
  | 'control-too-long'
  | 'length-not-minimal'
  | 'length-too-large'
  | 'stray-continuation'
  | 'message-in-message'

/** Where one direction stopped being WebSocket frames: from there on its rows are chunks. */
export interface FramingFault {
  readonly direction: Direction
  readonly rule: FramingRule
  /** Offset in the direction's bytes where the frame begins. */
  readonly atByte: number
}
