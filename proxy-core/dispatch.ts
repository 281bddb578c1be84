import { commands, type CommandName, type Handlers } from './contract/commands.ts'
import { GatewayError, type Reply } from './contract/errors.ts'

/** Answers one command: checks its name and its input, runs its handler, and turns whatever happens into a reply. */
export async function dispatch(handlers: Handlers, name: string, input: unknown): Promise<Reply<unknown>> {
  if (!Object.hasOwn(commands, name)) {
    return { ok: false, error: { code: 'unknown-command', message: `There is no command ${name.slice(0, 80)}.` } }
  }
  const known = name as CommandName
  const parsed = commands[known].input.safeParse(input)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
      message,
    }))
    return { ok: false, error: { code: 'invalid-input', message: issues[0]?.message ?? 'The input is invalid.', issues } }
  }
  try {
    const handler = handlers[known] as (input: unknown) => unknown
    return { ok: true, value: await handler(parsed.data) }
  } catch (error) {
    if (error instanceof GatewayError) return { ok: false, error: error.report() }
    console.error(error)
    return { ok: false, error: { code: 'internal', message: 'Something went wrong inside the gateway.' } }
  }
}
