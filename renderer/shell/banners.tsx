import { CircleAlert, TriangleAlert, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { ConfigProblem } from '../../proxy-core/contract/config.ts'
import type { ListenerStatus } from '../../proxy-core/contract/events.ts'
import { cx } from '../parts/cx.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { listenAdvice } from './listen-advice.ts'

const issuesShown = 3

/** What is wrong with the gateway as a whole, under the toolbar. */
export function Banners() {
  const connection = useGateway((view) => view.connection)
  const downError = useGateway((view) => view.downError)
  const restarts = useGateway((view) => view.restarts)
  const problem = useGateway((view) => view.config.problem)
  const file = useGateway((view) => view.config.file)
  const listeners = useGateway((view) => view.status?.listeners)
  const [seenRestarts, setSeenRestarts] = useState(0)

  return (
    <>
      {connection === 'down' && (
        <Banner tone="bad">
          The gateway has stopped working and is being restarted. Streams that were open have ended.{' '}
          {downError && <span className="text-mute">{downError.message}</span>}
        </Banner>
      )}
      {connection === 'up' && restarts > seenRestarts && (
        <Banner tone="held" onDismiss={() => setSeenRestarts(restarts)}>
          The gateway stopped working and was restarted. Streams that were open then have ended; clients that reconnect are served.
        </Banner>
      )}
      {connection === 'up' &&
        listeners
          ?.filter(({ state }) => state === 'failed')
          .map((listener) => <ListenBanner key={listener.address} listener={listener} file={file} />)}
      {problem && <ConfigBanner problem={problem} />}
    </>
  )
}

function ListenBanner({ listener, file }: { listener: ListenerStatus; file: string | null }) {
  return (
    <Banner tone="bad">
      <b className="font-semibold">Cannot listen on {listener.address}.</b> {listener.error?.message}{' '}
      <span className="text-mute">{listenAdvice(listener, file)}</span>
    </Banner>
  )
}

function ConfigBanner({ problem }: { problem: ConfigProblem }) {
  const rest = problem.issues.length - issuesShown
  return (
    <Banner tone="bad">
      <b className="font-semibold">The config file was not taken.</b> The last good config stays in force
      {problem.keptAs === null ? '; correct the file and save it again.' : `; the bad file is kept as ${problem.keptAs}.`}
      {problem.issues.length === 0 && (
        <span className="block font-mono text-12 break-all text-mute">
          {problem.file}: {problem.message}
        </span>
      )}
      <ul>
        {problem.issues.slice(0, issuesShown).map((issue) => (
          <li key={`${issue.line}:${issue.column}:${issue.message}`} className="text-12 break-words">
            <span className="mr-1 font-mono text-mute">
              {problem.file}:{issue.line}:{issue.column}
            </span>{' '}
            {issue.message}
          </li>
        ))}
      </ul>
      {rest > 0 && <span className="text-mute">and {rest} more</span>}
    </Banner>
  )
}

interface BannerProps {
  readonly tone: 'bad' | 'held'
  readonly children: ReactNode
  readonly onDismiss?: () => void
}

function Banner({ tone, children, onDismiss }: BannerProps) {
  const Icon = tone === 'bad' ? TriangleAlert : CircleAlert
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={cx('flex shrink-0 items-start gap-2.5 border-b border-line px-3 py-1.5', tone === 'bad' ? 'bg-bad-bg' : 'bg-held-bg')}
    >
      <Icon
        size={15}
        className={cx('shrink-0', onDismiss ? 'mt-1' : 'mt-0.5', tone === 'bad' ? 'text-bad' : 'text-held')}
        aria-hidden="true"
      />
      <div className={cx('max-h-28 min-w-0 flex-1 overflow-auto', onDismiss && 'py-0.5')} data-selectable="">
        {children}
      </div>
      {onDismiss && (
        <IconButton size="small" label="Dismiss" onClick={onDismiss}>
          <X size={13} />
        </IconButton>
      )}
    </div>
  )
}
