import { GatewayError } from '../../proxy-core/contract/errors.ts'

/** What a failed command says to the person who asked. */
export function errorMessage(error: unknown): string {
  return error instanceof GatewayError ? error.message : 'Something went wrong in the window.'
}
