import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { z } from 'zod'
import { commands } from '../proxy-core/contract/commands.ts'
import type { Reply } from '../proxy-core/contract/errors.ts'

/** Names of the channels between preload and main. */
export const channels = { command: 'command', feed: 'feed' } as const

const commandInput = z.tuple([z.string(), z.unknown()])
const feedInput = z.tuple([])

export interface ChannelHandlers {
  /** Whether these are the contents of our window. */
  readonly isWindow: (contents: WebContents) => boolean
  /** Where our page lives. */
  readonly origin: string
  readonly command: (name: string, input: unknown) => Promise<Reply<unknown>>
  readonly openFeed: (contents: WebContents) => void
}

/** Opens the two ways in which the page reaches main. */
export function openChannels({ isWindow, origin, command, openFeed }: ChannelHandlers): void {
  const isTrusted = (event: IpcMainInvokeEvent) => isWindow(event.sender) && isOurPage(event, origin)

  handle(channels.command, commandInput, isTrusted, (_contents, [name, input]) => {
    // The input is checked in the gateway thread, by the command's own schema.
    if (Object.hasOwn(commands, name)) return command(name, input)
    const refusal: Reply<never> = { ok: false, error: { code: 'unknown-command', message: `There is no command ${name}.` } }
    return Promise.resolve(refusal)
  })
  handle(channels.feed, feedInput, isTrusted, (contents) => openFeed(contents))
}

/** The one way to register a channel: nobody but our page is answered, and nothing of another shape. */
function handle<S extends z.ZodType>(
  channel: string,
  input: S,
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
  answer: (contents: WebContents, input: z.output<S>) => unknown,
): void {
  ipcMain.handle(channel, (event, ...args: unknown[]) => {
    if (!isTrusted(event)) throw new Error('This page may not ask for that.')
    const checked = input.safeParse(args)
    if (!checked.success) throw new Error(`${channel} was asked in a wrong way.`)
    return answer(event.sender, checked.data)
  })
}

/** Frames within the page are no one's business here. */
function isOurPage({ senderFrame }: IpcMainInvokeEvent, origin: string): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.url.startsWith(`${origin}/`)
}
