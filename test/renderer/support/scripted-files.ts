import type { Handlers } from '../../../proxy-core/contract/commands.ts'
import { GatewayError } from '../../../proxy-core/contract/errors.ts'

type FileCommand = Extract<keyof Handlers, `export.${string}` | `import.${string}` | `recording.${string}`>

/** Files in the scripted window: an export is one short piece, and nothing can be read. */
export const scriptedFiles: Pick<Handlers, FileCommand> = {
  'export.start': ({ format }) => ({ exportId: 1, fileName: `sluice-exchanges.${format}`, mediaType: 'application/octet-stream' }),
  'export.read': () => ({ bytes: new TextEncoder().encode('scripted\n'), isLast: true }),
  'export.stop': () => undefined,
  'import.start': () => ({ importId: 1 }),
  'import.write': () => undefined,
  'import.finish': () => {
    throw new GatewayError('invalid-input', 'There is no exchange in this file.')
  },
  'import.stop': () => undefined,
  'recording.save': () => undefined,
  'recording.remove': () => undefined,
  'recording.list': () => [],
}
