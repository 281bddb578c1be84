import { z } from 'zod'
import type { Assembled } from './assembled.ts'
import { BufferingMode } from './buffering.ts'
import { captureBudgetMiB } from './config.ts'
import { ExchangeId } from './exchange.ts'
import { HistoryKey, HistoryQuery, HistorySettings, type HistoryPage } from './history.ts'
import { ExportFormat, ImportPiece, type ExportPiece, type ExportStarted, type Imported } from './exchange-files.ts'
import { RecordingName, type Recording } from './replay.ts'
import { RequestAddress, RequestToSend, type RequestPlan, type SentReply } from './requests.ts'
import { Route, RouteId } from './route.ts'
import type { ListenerTrust } from './trust.ts'
import type { BodyRange, ExchangeHeads, Row, RowDetail, RowRange, Timeline, Unterminated } from './rows.ts'
import { RowQuery, type SearchReport } from './search.ts'
import { rowOrders, type SortedRows, type Stretch, type Timing } from './timing.ts'

const nothing = z.void()
const side = z.enum(['request', 'response'])

/** Everything the window may ask of the gateway: what each command takes (checked at run time) and returns (at compile time). */
export const commands = {
  'gateway.start': takes(nothing).returns<void>(),
  'gateway.stop': takes(nothing).returns<void>(),
  /** How clients are told to trust the `https://` listeners. */
  'listener.trust': takes(nothing).returns<ListenerTrust>(),

  /** Adds a route, or replaces the one of that id; `index` places it in the list. */
  'route.save': takes(z.strictObject({ route: Route, index: z.int().min(0).optional() })).returns<void>(),
  'route.remove': takes(z.strictObject({ id: RouteId })).returns<void>(),
  'route.move': takes(z.strictObject({ id: RouteId, index: z.int().min(0) })).returns<void>(),
  'route.enable': takes(z.strictObject({ id: RouteId, enabled: z.boolean() })).returns<void>(),
  /** The switch: acts on the route's open exchanges too. */
  'route.buffering': takes(z.strictObject({ id: RouteId, response: BufferingMode })).returns<void>(),
  /** Switches the route's faults on purpose, for its open exchanges too. */
  'route.faults': takes(z.strictObject({ id: RouteId, enabled: z.boolean() })).returns<void>(),
  /** Releases what every open exchange of the route holds. */
  'route.release': takes(z.strictObject({ id: RouteId })).returns<void>(),

  'exchange.release': takes(z.strictObject({ id: ExchangeId })).returns<void>(),
  /** Flips one exchange until it ends; null gives it back to its route. */
  'exchange.override': takes(z.strictObject({ id: ExchangeId, response: z.enum(['off', 'on']).nullable() })).returns<void>(),
  /** Ends an open exchange: the client's connection is destroyed and the upstream's closed. */
  'exchange.end': takes(z.strictObject({ id: ExchangeId })).returns<void>(),
  'exchange.heads': takes(z.strictObject({ id: ExchangeId })).returns<ExchangeHeads>(),
  'exchange.rows': takes(z.strictObject({ id: ExchangeId, from: z.int().min(0), to: z.int().min(0) })).returns<RowRange>(),
  'exchange.unterminated': takes(z.strictObject({ id: ExchangeId })).returns<Unterminated | null>(),
  'exchange.row': takes(z.strictObject({ id: ExchangeId, index: z.int().min(0) })).returns<RowDetail>(),
  /** The bytes of one row, as they are after decoding; `from` and `to` count from its first. */
  'exchange.rowBytes': takes(
    z.strictObject({ id: ExchangeId, index: z.int().min(0), from: z.int().min(0), to: z.int().min(0) }),
  ).returns<BodyRange>(),
  'exchange.timeline': takes(
    z.strictObject({ id: ExchangeId, from: z.number(), to: z.number(), columns: z.int().min(1).max(8192) }),
  ).returns<Timeline>(),
  /** The rows from `since` on by rank in another order than their own, and the rank of the row `find`; while it `rests`, the order stays. */
  'exchange.sorted': takes(
    z.strictObject({
      id: ExchangeId,
      by: z.enum(rowOrders),
      descending: z.boolean(),
      since: z.int().min(0).default(0),
      rests: z.boolean().default(false),
      from: z.int().min(0),
      to: z.int().min(0),
      find: z.int().min(0).nullable(),
    }),
  ).returns<SortedRows>(),
  'exchange.stretch': takes(z.strictObject({ id: ExchangeId, from: z.number(), to: z.number() })).returns<Stretch>(),
  /** The whole of a stream over time; null while it has no rows. */
  'exchange.timing': takes(z.strictObject({ id: ExchangeId, columns: z.int().min(1).max(4096) })).returns<Timing | null>(),
  'exchange.body': takes(z.strictObject({ id: ExchangeId, side, from: z.int().min(0), to: z.int().min(0) })).returns<BodyRange>(),
  /**
   * Puts together what an LLM's stream says. `path` is where the text is in a format that is not known here; `from` is what the asker
   * has, so that only what is new is sent. A `glance` reads a little on and sends no texts.
   */
  'exchange.assembled': takes(
    z.strictObject({
      id: ExchangeId,
      path: z.string().max(400).nullable().default(null),
      from: z
        .strictObject({ assembly: z.int(), lengths: z.array(z.int().min(0)).max(8192).readonly() })
        .nullable()
        .default(null),
      effort: z.enum(['glance', 'full']).default('full'),
    }),
  ).returns<Assembled>(),
  /** Searches all captured rows; asked again, it tells how far it has come, and the matches from number `from` on. */
  'exchange.search': takes(z.strictObject({ id: ExchangeId, query: RowQuery, from: z.int().min(0) })).returns<SearchReport>(),
  /** The rows of these indexes, without those that are no longer kept. */
  'exchange.rowsAt': takes(z.strictObject({ id: ExchangeId, indexes: z.array(z.int().min(0)).max(2000) })).returns<readonly Row[]>(),
  /** Keeps an exchange from being forgotten or cleared, or no longer. Refused when pins fill what they may of the budget. */
  'exchange.pin': takes(z.strictObject({ id: ExchangeId, isPinned: z.boolean() })).returns<void>(),
  /** Forgets ended exchanges: those named, or all; with `withOpen`, also what open ones have captured so far. Pinned ones stay. */
  'exchanges.clear': takes(z.strictObject({ ids: z.array(ExchangeId).optional(), withOpen: z.boolean().default(false) })).returns<void>(),

  /** From now on no bodies are kept, of open exchanges neither; traffic, clocks and totals go on. */
  'capture.stop': takes(nothing).returns<void>(),
  'capture.start': takes(nothing).returns<void>(),
  /** What all captures together may keep; saved in the config. */
  'capture.budget': takes(z.strictObject({ budgetMiB: captureBudgetMiB })).returns<void>(),

  /** Switches the history on disk on or off, and says how much of it is kept; saved in the config. */
  'history.set': takes(HistorySettings).returns<void>(),
  /** Looks for a text in all events of the history, a page at a time. */
  'history.search': takes(HistoryQuery).returns<HistoryPage>(),
  /** Lists an exchange that was found. */
  'history.list': takes(z.strictObject({ key: HistoryKey })).returns<ExchangeId>(),
  /** Forgets ended exchanges, in the list and on disk; when it is done, no byte of theirs is in the file. */
  'history.forget': takes(z.strictObject({ ids: z.array(ExchangeId).min(1).max(10_000) })).returns<void>(),
  'history.forgetAll': takes(nothing).returns<void>(),

  /** Begins a file of exchanges. What a route's capture left readable is redacted unless it is asked for, for this file alone. */
  'export.start': takes(
    z.strictObject({ ids: z.array(ExchangeId).min(1).max(100_000), format: ExportFormat, withSecrets: z.boolean().default(false) }),
  ).returns<ExportStarted>(),
  /** The next piece of the file; the last one ends the export. */
  'export.read': takes(z.strictObject({ exportId: z.int() })).returns<ExportPiece>(),
  'export.stop': takes(z.strictObject({ exportId: z.int() })).returns<void>(),
  /** Begins to read a file, which is handed over piece by piece and taken in as a whole or not at all. */
  'import.start': takes(nothing).returns<{ readonly importId: number }>(),
  'import.write': takes(z.strictObject({ importId: z.int(), bytes: ImportPiece })).returns<void>(),
  'import.finish': takes(z.strictObject({ importId: z.int() })).returns<Imported>(),
  'import.stop': takes(z.strictObject({ importId: z.int() })).returns<void>(),

  /** Keeps the captured response of an exchange, so that a route whose upstream is `replay:NAME` plays it. */
  'recording.save': takes(z.strictObject({ id: ExchangeId, name: RecordingName })).returns<void>(),
  'recording.remove': takes(z.strictObject({ name: RecordingName })).returns<void>(),
  'recording.list': takes(nothing).returns<readonly Recording[]>(),

  /** Sends a request from the gateway's own client through its own listener and reads the answer until it ends or `request.stop`. */
  'request.send': takes(RequestToSend).returns<SentReply>(),
  /** Where a request would go. */
  'request.plan': takes(RequestAddress).returns<RequestPlan>(),
  'request.stop': takes(z.strictObject({ requestId: z.int() })).returns<void>(),
}

export type CommandName = keyof typeof commands
/** What a command takes, as its handler gets it: checked, with defaults filled in. */
export type Input<K extends CommandName> = z.output<(typeof commands)[K]['input']>
/** What a command may be given. */
export type Argument<K extends CommandName> = z.input<(typeof commands)[K]['input']>
export type Output<K extends CommandName> = (typeof commands)[K]['output']

/** The answering side: one handler per command, none missing. */
export type Handlers = { readonly [K in CommandName]: (input: Input<K>) => Output<K> | Promise<Output<K>> }

/** The asking side. A command that takes nothing is called by its name alone. */
export type Invoke = <K extends CommandName>(name: K, ...input: Argument<K> extends void ? [] : [Argument<K>]) => Promise<Output<K>>

function takes<S extends z.ZodType>(input: S) {
  return { returns: <T>() => ({ input }) as { readonly input: S; readonly output: T } }
}
