/** How one program or system is told to trust the local certificate authority; nothing of it is ever done by the gateway. */
export interface TrustSteps {
  /** Which system or program this is for. */
  readonly title: string
  /** Commands for a terminal, ready to be copied. */
  readonly commands: readonly string[]
  /** What to do by hand, or to know. */
  readonly note: string | null
  /** The commands that take it back. */
  readonly undo: readonly string[]
}

/** The certificate authority behind the `https://` listeners, and how to trust it. */
export interface ListenerTrust {
  /** Where its certificate lies; null while it is kept in memory alone. */
  readonly file: string | null
  /** The certificate, in PEM. */
  readonly certificate: string
  /** SHA-256 in hexadecimal, to be compared before it is trusted. */
  readonly fingerprint: string
  readonly validUntil: number
  /** Those for the system that the gateway runs on come first. */
  readonly steps: readonly TrustSteps[]
}
