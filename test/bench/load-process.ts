import { fetchLarge, requestOften, uploadLarge } from './load-bodies.ts'
import { hold, pace } from './load-streams.ts'
import type { Answers, Failure, Order } from './process-messages.ts'

async function carryOut(order: Order): Promise<Answers[Order['type']]> {
  switch (order.type) {
    case 'pace':
      return pace(order)
    case 'hold':
      return hold(order)
    case 'fetch':
      return fetchLarge(order)
    case 'upload':
      return uploadLarge(order)
    case 'requests':
      return requestOften(order)
    case 'closes':
      throw new Error('The load process knows no closes.')
  }
}

// Without the benchmark that started it there is nothing to do.
process.on('disconnect', () => process.exit())
process.on('message', (order) => {
  const failed = (error: unknown): Failure => ({ failed: error instanceof Error ? error.message : String(error) })
  void carryOut(order as Order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.(failed(error)),
  )
})
process.send?.({ port: 0 })
