import type { ExchangeContent } from '../restored-exchange.ts'
import type { StoredContent } from './history-database.ts'
import { readBody } from './stored-body.ts'
import { readMessages } from './stored-messages.ts'

/** What was kept of an exchange, as it is shown, in slices of a few milliseconds. */
export async function readContent({ heads, request, response, messages }: StoredContent): Promise<ExchangeContent> {
  return {
    heads,
    request: request && (await readBody(request)),
    response: response && (await readBody(response)),
    messages: messages && readMessages(messages),
  }
}
