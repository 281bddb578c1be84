import type { Exchange } from '../../proxy-core/contract/exchange.ts'
import { invoke } from '../gateway.ts'
import { showToast } from '../parts/toast.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { openRouteForm } from '../state/view-store.ts'

/** Keeps the response of an exchange as a recording, and opens the form of a route that plays it. */
export async function recordReplay({ id, target, startedAt }: Exchange): Promise<void> {
  const name = recordingName(target, startedAt)
  try {
    await invoke('recording.save', { id, name })
    openRouteForm({ mode: 'add', upstreamUrl: `replay:${name}`, path: `/replay/${name}` })
    showToast({ title: 'The response is kept as a recording', description: `A route whose upstream is replay:${name} plays it.` })
  } catch (error) {
    reportRefusal(error)
  }
}

/** A name made of the path and the time of day at which the exchange began. */
export function recordingName(target: string, startedAt: number): string {
  const path = (target.split(/[?#]/)[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '')
  const time = new Date(startedAt).toTimeString().slice(0, 8).replaceAll(':', '')
  return `${path === '' ? 'stream' : path}-${time}`
}
