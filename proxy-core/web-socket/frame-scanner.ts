import type { FramingRule, MessageOpcode } from '../contract/messages.ts'

/** What the frames of one direction must be like. */
export interface FrameRules {
  /** RFC 6455 §5.1: a client masks every frame, a server none. */
  readonly isMasked: boolean
  /** RFC 7692 was agreed on, so that RSV1 means something. */
  readonly mayCompress: boolean
}

/** A message whose last byte has come. */
export interface ScannedMessage {
  readonly opcode: MessageOpcode
  /** Offset of its first frame, and the one behind its last. */
  readonly start: number
  readonly end: number
  readonly payloadBytes: number
  readonly frames: number
  readonly isCompressed: boolean
}

/** Who is told what the scanner sees. */
export interface FrameSink {
  message(message: ScannedMessage): void
  /** A part of a compressed message; the byte at `from` was masked with `key` from its `keyAt`th byte on, or not at all. */
  payload(chunk: Buffer, from: number, to: number, key: Uint8Array | null, keyAt: number): void
  /** The frame that starts here breaks a rule: nothing behind it can be told. */
  broken(rule: FramingRule, frameStart: number): void
}

const longestHead = 14
const longestControl = 125
const continuation = 0
const opcodes: readonly (MessageOpcode | undefined)[] = [
  undefined,
  'text',
  'binary',
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  'close',
  'ping',
  'pong',
]

/** Finds the messages in one direction of a WebSocket (RFC 6455 §5), across any chunking. It looks at the heads of frames and skips the rest. */
export class FrameScanner {
  readonly #rules: FrameRules
  readonly #sink: FrameSink
  readonly #head = Buffer.alloc(longestHead)
  #headLength = 0
  #position = 0
  #isBroken = false
  // The frame that is being read.
  #frameStart = 0
  #isInFrame = false
  #isFinal = false
  #opcode = 0
  #length = 0
  #left = 0
  readonly #key = Buffer.alloc(4)
  // The message that its data frames make up; frames is 0 while there is none.
  #messageStart = 0
  #messageOpcode: MessageOpcode = 'text'
  #frames = 0
  #payloadBytes = 0
  #isCompressed = false

  constructor(rules: FrameRules, sink: FrameSink) {
    this.#rules = rules
    this.#sink = sink
  }

  /** Nothing more can be told. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Where the message or frame begins that is not complete; the offset behind the last byte when all are. */
  get pendingStart(): number {
    if (this.#frames > 0) return this.#messageStart
    return this.#isInFrame || this.#headLength > 0 ? this.#frameStart : this.#position
  }

  feed(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length && !this.#isBroken) {
      const taken = this.#isInFrame ? this.#skipPayload(chunk, at) : this.#takeHead(chunk, at)
      at += taken
      this.#position += taken
      if (this.#isInFrame && this.#left === 0) this.#endFrame()
    }
  }

  #skipPayload(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#left, chunk.length - at)
    if (this.#isCompressed && this.#opcode < 8) {
      this.#sink.payload(chunk, at, at + taken, this.#rules.isMasked ? this.#key : null, (this.#length - this.#left) % 4)
    }
    this.#left -= taken
    return taken
  }

  #takeHead(chunk: Buffer, at: number): number {
    if (this.#headLength === 0) {
      this.#frameStart = this.#position
      const length = chunk.length - at < 2 ? longestHead : headLength(chunk[at + 1] as number)
      if (chunk.length - at >= length) {
        this.#begin(chunk, at)
        return length
      }
    }
    // A head that a chunk cuts is put together here.
    this.#head[this.#headLength++] = chunk[at] as number
    if (this.#headLength >= 2 && this.#headLength === headLength(this.#head[1] as number)) {
      this.#headLength = 0
      this.#begin(this.#head, 0)
    }
    return 1
  }

  #begin(head: Buffer, at: number): void {
    const first = head[at] as number
    const second = head[at + 1] as number
    let keyAt = at + 2
    this.#length = second & 0x7f
    if (this.#length === 126) {
      this.#length = head.readUInt16BE(at + 2)
      keyAt += 2
    } else if (this.#length === 127) {
      this.#length = head.readUInt32BE(at + 2) * 0x1_0000_0000 + head.readUInt32BE(at + 6)
      keyAt += 8
    }
    this.#isFinal = first >= 0x80
    this.#opcode = first & 0x0f
    const rule = this.#brokenRule(first & 0x70, second)
    if (rule !== null) {
      this.#isBroken = true
      this.#sink.broken(rule, this.#frameStart)
      return
    }
    if (second >= 0x80) head.copy(this.#key, 0, keyAt, keyAt + 4)
    this.#left = this.#length
    this.#isInFrame = true
    if (this.#opcode >= 8) return
    if (this.#frames === 0) {
      this.#messageStart = this.#frameStart
      this.#messageOpcode = opcodes[this.#opcode] ?? 'binary'
      this.#payloadBytes = 0
      this.#isCompressed = (first & 0x40) !== 0
    }
    this.#frames++
    this.#payloadBytes += this.#length
  }

  #brokenRule(reserved: number, second: number): FramingRule | null {
    const isControl = this.#opcode >= 8
    // RFC 7692 §6: RSV1 stands in the first frame of a data message.
    const mayHaveRsv1 = this.#rules.mayCompress && !isControl && this.#opcode !== continuation
    if (this.#opcode !== continuation && opcodes[this.#opcode] === undefined) return 'unknown-opcode'
    if (reserved !== 0 && !(reserved === 0x40 && mayHaveRsv1)) return 'reserved-bits'
    if (second >= 0x80 !== this.#rules.isMasked) return this.#rules.isMasked ? 'not-masked' : 'masked'
    if (isControl && !this.#isFinal) return 'control-fragmented'
    if (isControl && (second & 0x7f) > longestControl) return 'control-too-long'
    if (this.#length > Number.MAX_SAFE_INTEGER) return 'length-too-large'
    const least = (second & 0x7f) === 127 ? 65_536 : (second & 0x7f) === 126 ? 126 : 0
    if (this.#length < least) return 'length-not-minimal'
    if (isControl) return null
    if (this.#opcode === continuation) return this.#frames === 0 ? 'stray-continuation' : null
    return this.#frames > 0 ? 'message-in-message' : null
  }

  #endFrame(): void {
    this.#isInFrame = false
    const end = this.#position
    if (this.#opcode >= 8) {
      const opcode = opcodes[this.#opcode] ?? 'close'
      this.#sink.message({ opcode, start: this.#frameStart, end, payloadBytes: this.#length, frames: 1, isCompressed: false })
    } else if (this.#isFinal) {
      const frames = this.#frames
      this.#frames = 0
      const { start, opcode } = { start: this.#messageStart, opcode: this.#messageOpcode }
      this.#sink.message({ opcode, start, end, payloadBytes: this.#payloadBytes, frames, isCompressed: this.#isCompressed })
    }
  }
}

function headLength(second: number): number {
  const length = second & 0x7f
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second >= 0x80 ? 4 : 0)
}
