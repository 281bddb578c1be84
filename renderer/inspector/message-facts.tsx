import type { MessageMark } from '../../proxy-core/contract/messages.ts'
import { Fact } from './event-fact.tsx'
import { closeCodeWords, directionWords, inflateIssueWords, wireWords } from './message-words.ts'

/** What is known of a message beside its times and its text. */
export function MessageFacts({ message }: { message: MessageMark }) {
  const { opcode, closeCode, direction, issue } = message
  const wire = wireWords(message)
  const { arrow, long } = directionWords[direction]
  return (
    <>
      <Fact name="Goes">
        <span aria-hidden="true">{arrow} </span>
        {long}
      </Fact>
      {opcode === 'close' && <Fact name="Code">{closeCode === null ? 'none' : closeCodeWords(closeCode)}</Fact>}
      {wire !== null && <Fact name="On the wire">{wire}</Fact>}
      {issue !== null && (
        <Fact name="Inflated" tone="text-bad">
          {inflateIssueWords(issue)}
        </Fact>
      )}
    </>
  )
}

/** What a message is, beside its number. */
export function messageTitle({ opcode, direction }: MessageMark): string {
  return `${opcode ?? 'bytes that are no frames'}, to ${directionWords[direction].short}`
}

/** What a message without a text is for. */
export function emptyMessageWords({ opcode }: MessageMark): string {
  switch (opcode) {
    case 'ping':
      return 'A ping without data: the other side answers it with a pong.'
    case 'pong':
      return 'A pong without data: the connection is alive.'
    case 'close':
      return 'No reason is given.'
    case 'text':
    case 'binary':
    case null:
      return 'Empty.'
    default:
      return opcode satisfies never
  }
}
