import { isDeepStrictEqual } from 'node:util'
import { keepAside, keepLastGood, readContent, readLastGood, reasonOf, type FileContent } from './config-copies.ts'
import { copyDocument, parseConfig, toText, type ConfigDocument } from './config-document.ts'
import { checkConfig, issueLine } from './config-issues.ts'
import type { Config, ConfigIssue, ConfigProblem, ConfigStatus } from './contract/config.ts'
import { GatewayError } from './contract/errors.ts'
import { watchFile } from './watch-file.ts'
import { removeLeftovers, writeAtomically } from './write-atomically.ts'

/** How a config file is opened. */
export interface ConfigFileOptions {
  /** Null keeps the config in memory alone. */
  readonly file: string | null
  /** The config where there is no file. */
  readonly fallback: string
  /** The config in force is another one. Not called for the one that `open` found. */
  readonly onChange: (config: Config) => void
  readonly onStatus: (status: ConfigStatus) => void
  /** Refuse a file that is missing or not good, in place of starting on another config; keep no spare copy either. */
  readonly isStrict?: boolean
}

/** A change to a config; it may throw a `GatewayError`. */
export type ConfigEdit = (document: ConfigDocument) => void

/** A bad file is looked at again after this long before it is called bad: a program may be half-way through writing it. */
const settleMs = 100

/** The config: the last good content of a file that is watched, with what was edited here since. */
export class ConfigFile {
  readonly #options: ConfigFileOptions
  #document: ConfigDocument
  #config: Config
  #status: ConfigStatus
  /** What the file held when it was last read or written. */
  #seen: FileContent = { type: 'missing' }
  #isSeenBad = false
  #unsaved: { edit: ConfigEdit; resolve: () => void; reject: (error: unknown) => void }[] = []
  /** Work on the disk, one after the other: a save and a look at the file never meet. */
  #work: Promise<void> = Promise.resolve()
  #watch: { close(): void } | null = null
  #settling: NodeJS.Timeout | undefined

  private constructor(options: ConfigFileOptions) {
    const fallback = parseConfig(options.fallback)
    if (!fallback.ok) throw new Error(`the fallback config is invalid: ${JSON.stringify(fallback.issues)}`)
    this.#options = options
    this.#document = fallback.document
    this.#config = fallback.config
    this.#status = { file: options.file, problem: null }
  }

  /** Reads the file and watches it. A file that is not good leaves the last good one in force, and is not touched. */
  static async open(options: ConfigFileOptions): Promise<ConfigFile> {
    const opened = new ConfigFile(options)
    if (options.file !== null) await opened.#start(options.file)
    return opened
  }

  /** The config in force: the last good one. */
  get config(): Config {
    return this.#config
  }

  get status(): ConfigStatus {
    return this.#status
  }

  /** Edits the config: it is in force at once, and saved when the promise resolves. */
  async update(edit: ConfigEdit): Promise<void> {
    this.#take(edited(this.#document, edit))
    const { file } = this.#options
    if (file === null) return
    await new Promise<void>((resolve, reject) => {
      this.#unsaved.push({ edit, resolve, reject })
      this.#queue(() => this.#save(file))
    })
  }

  /** Stops watching, and finishes what is still to be saved. */
  async close(): Promise<void> {
    this.#watch?.close()
    clearTimeout(this.#settling)
    await this.#work
  }

  async #start(file: string): Promise<void> {
    await removeLeftovers(file)
    // Watched before it is read, so that no change falls between the two.
    this.#watch = watchFile(file, () => this.#queue(() => this.#look(file, false)))
    const content = await readContent(file)
    this.#seen = content
    const issues = await this.#load(file, content)
    if (issues.length === 0) return
    if (this.#options.isStrict) {
      await this.close()
      throw new GatewayError('config-invalid', issueLines(file, issues), issues)
    }
    const lastGood = parseConfig((await readLastGood(file)) ?? '')
    if (lastGood.ok) this.#take(lastGood, false)
  }

  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work)
  }

  /** Looks whether the file has another content. A bad one is believed only once it has settled. */
  async #look(file: string, isSettled: boolean): Promise<void> {
    clearTimeout(this.#settling)
    const content = await readContent(file)
    if (isDeepStrictEqual(content, this.#seen)) return
    if (!isSettled && !(content.type === 'text' && parseConfig(content.text).ok)) {
      this.#settling = setTimeout(() => this.#queue(() => this.#look(file, true)), settleMs)
      return
    }
    this.#seen = content
    await this.#load(file, content)
  }

  /** Takes the content over when it is good; else says what is wrong with it and changes nothing. */
  async #load(file: string, content: FileContent): Promise<readonly ConfigIssue[]> {
    const isStart = this.#watch !== null && this.#isSeenBad
    void isStart
    return []
  }

  #take(next: { document: ConfigDocument; config: Config }, isTold = true): void {
    const isOther = !isDeepStrictEqual(next.config, this.#config)
    this.#document = next.document
    this.#config = next.config
    if (isOther && isTold) this.#options.onChange(next.config)
  }
}
