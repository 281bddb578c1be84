import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { keepAside, keepLastGood, readContent, readLastGood, reasonOf, type FileContent } from './config-copies.ts'
import { copyDocument, parseConfig, writeDocument, type ConfigDocument, type ParsedConfig } from './config-document.ts'
import { checkConfig, issueLine } from './config-issues.ts'
import type { Config, ConfigIssue, ConfigProblem, ConfigStatus } from './contract/config.ts'
import { GatewayError } from './contract/errors.ts'
import { withFileLock } from './file-lock.ts'
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
  #isOpen = false
  #isClosed = false

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
    opened.#isOpen = true
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
      // A save writes all there is: the ones behind it in the queue often find nothing left.
      this.#queue(async () => {
        if (this.#unsaved.length > 0) await withFileLock(file, () => this.#save(file))
      })
    })
  }

  /** Stops watching, and finishes what is still to be saved. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#watch?.close()
    clearTimeout(this.#settling)
    await this.#work
  }

  async #start(file: string): Promise<void> {
    await removeLeftovers(file)
    // Watched before it is read, so that no change falls between the two.
    this.#watch = watchFile(file, () => this.#queue(() => this.#look(file, false)))
    let issues: readonly ConfigIssue[] = []
    this.#queue(async () => {
      issues = await this.#loadFirst(file)
    })
    await this.#work
    if (!this.#isStrict || issues.length === 0) return
    await this.close()
    throw new GatewayError('config-invalid', issues.map((issue) => issueLine(file, issue)).join('\n'), issues)
  }

  async #loadFirst(file: string): Promise<readonly ConfigIssue[]> {
    this.#seen = await readContent(file, { takesPipe: this.#isStrict })
    if (this.#seen.type === 'missing' && !this.#isStrict) return []
    const issues = await this.#load(file, parseContent(this.#seen))
    if (issues.length === 0 || this.#isStrict) return issues
    const lastGood = parseConfig((await readLastGood(file)) ?? '')
    if (lastGood.ok) this.#take(lastGood)
    this.#report(problemOf(file, issues, lastGood.ok ? 'The last good config is in force.' : 'The built-in config is in force.'))
    return issues
  }

  get #isStrict(): boolean {
    return this.#options.isStrict === true
  }

  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work)
  }

  /** Looks whether the file has another content. A bad one is believed only once it has settled. */
  async #look(file: string, isSettled: boolean): Promise<void> {
    clearTimeout(this.#settling)
    if (this.#isClosed) return
    const content = await readContent(file)
    if (isDeepStrictEqual(content, this.#seen)) return
    const parsed = parseContent(content)
    if (!isSettled && !parsed.ok) {
      this.#settling = setTimeout(() => this.#queue(() => this.#look(file, true)), settleMs)
      return
    }
    this.#seen = content
    await this.#load(file, parsed)
  }

  /** Takes over what the file holds when it is good, unsaved edits on top; else changes nothing and says what is wrong. */
  async #load(file: string, parsed: ParsedConfig): Promise<readonly ConfigIssue[]> {
    this.#isSeenBad = !parsed.ok && this.#seen.type !== 'missing'
    if (!parsed.ok) {
      this.#report(problemOf(file, parsed.issues, 'The last good config stays in force.'))
      return parsed.issues
    }
    let next: Loaded = parsed
    this.#unsaved = this.#unsaved.filter(({ edit, reject }) => {
      try {
        next = edited(next.document, edit)
        return true
      } catch (error) {
        reject(error)
        return false
      }
    })
    this.#take(next)
    this.#report(null)
    if (!this.#isStrict) await keepLastGood(file, parsed.document.read.source)
    return []
  }

  async #save(file: string): Promise<void> {
    await this.#lookBeforeSave(file)
    const saved = this.#unsaved
    this.#unsaved = []
    if (saved.length === 0) return
    const document = this.#document
    const written = writeDocument(document)
    const text = written.read.source
    try {
      if (this.#isSeenBad) await this.#setAside(file)
      await writeAtomically(file, text)
    } catch (error) {
      const message = `${file} cannot be written: ${reasonOf(error)}. What was changed is in force until Sluice ends.`
      this.#report({ file, message, issues: [], keptAs: this.#status.problem?.keptAs ?? null })
      for (const { reject } of saved) reject(new GatewayError('config-unwritable', message))
      return
    }
    this.#seen = { type: 'text', text }
    this.#isSeenBad = false
    // What was edited meanwhile is in the structure, and comes into the text with the save after this one.
    this.#document = this.#document === document ? written : { read: written.read, yaml: this.#document.yaml }
    this.#report(null)
    if (!this.#isStrict) await keepLastGood(file, text)
    for (const { resolve } of saved) resolve()
  }

  /** What the watch has not told yet is taken in first, so that a save loses nothing that another program wrote. */
  async #lookBeforeSave(file: string): Promise<void> {
    let content = await readContent(file)
    if (isDeepStrictEqual(content, this.#seen)) return
    if (!parseContent(content).ok) {
      await delay(settleMs)
      content = await readContent(file)
    }
    this.#seen = content
    if (content.type !== 'missing') await this.#load(file, parseContent(content))
  }

  async #setAside(file: string): Promise<void> {
    const keptAs = await keepAside(file, new Date())
    const { problem } = this.#status
    if (problem) this.#report({ ...problem, keptAs })
  }

  #take(next: Loaded): void {
    const isOther = !isDeepStrictEqual(next.config, this.#config)
    this.#document = next.document
    this.#config = next.config
    if (isOther && this.#isOpen) this.#options.onChange(next.config)
  }

  #report(problem: ConfigProblem | null): void {
    if (isDeepStrictEqual(problem, this.#status.problem)) return
    this.#status = { file: this.#options.file, problem }
    if (this.#isOpen) this.#options.onStatus(this.#status)
  }
}

interface Loaded {
  readonly document: ConfigDocument
  readonly config: Config
}

function edited(document: ConfigDocument, edit: ConfigEdit): Loaded {
  const copy = copyDocument(document)
  edit(copy)
  const checked = checkConfig(copy.yaml)
  if (checked.ok) return { document: copy, config: checked.config }
  const issues = checked.faults.map(({ path, message }) => ({ path, message }))
  throw new GatewayError('config-invalid', issues[0]?.message ?? 'This is not a config.', issues)
}

function parseContent(content: FileContent): ParsedConfig {
  switch (content.type) {
    case 'text':
      return parseConfig(content.text)
    case 'missing':
      return { ok: false, issues: [{ path: [], message: 'There is no such file.', line: 1, column: 1 }] }
    case 'unreadable':
      return { ok: false, issues: [content.issue] }
    default:
      return content satisfies never
  }
}

function problemOf(file: string, issues: readonly ConfigIssue[], consequence: string): ConfigProblem {
  const [first] = issues
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  return { file, message: `${first ? issueLine(file, first) : file}${more} ${consequence}`, issues, keptAs: null }
}
