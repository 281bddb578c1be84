import { useState } from 'react'
import type { SentRequest } from '../../proxy-core/contract/requests.ts'
import { invoke } from '../gateway.ts'
import { Button } from '../parts/button.tsx'
import { Checkbox } from '../parts/checkbox.tsx'
import { Field, TextArea, TextInput } from '../parts/field.tsx'
import { Menu } from '../parts/menu.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SuggestInput } from '../parts/suggest-input.tsx'
import { showToast } from '../parts/toast.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { useNow } from '../state/clock.ts'
import { useGateway } from '../state/gateway-store.ts'
import { changeDraft, compose, rememberDraft, selectExchange, useView } from '../state/view-store.ts'
import { formatAge } from '../text.ts'
import { CopyItems } from './copy-items.tsx'
import { isCurlLine, readCurl } from './curl-reader.ts'
import { HeaderRows } from './header-rows.tsx'
import { jsonProblem, keptDraft, requestOf, type RequestDraft } from './request-draft.ts'
import { RequestHistory } from './request-history.tsx'
import { requestPresets } from './request-presets.ts'
import { RequestWay } from './request-way.tsx'
import { RoutePicker } from './route-picker.tsx'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** The request panel: writes a request, sends it through the gateway and selects its exchange. */
export function RequestPanel() {
  const isOpen = useView((view) => view.isComposing)
  const draft = useView((view) => view.requestDraft)
  const { gaps, onSent } = useView((view) => view.draftSource)
  const [requestId, setRequestId] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | undefined>()
  const sent = useGateway((view) => (requestId === null ? undefined : view.requests.get(requestId)))
  const base = useGateway((view) => view.status?.listeners.find(({ url }) => url !== null)?.url ?? 'http://127.0.0.1:9080')
  if (!isOpen) return null

  const change = (patch: Partial<RequestDraft>, isNew = false): void => {
    changeDraft(patch, isNew)
    setProblem(undefined)
  }
  const readLine = (line: string): void => {
    try {
      const read = readCurl(line)
      change(read.draft, true)
      if (read.ignored.length > 0) showToast({ title: 'Some of the curl line was left out', description: read.ignored.join('; ') })
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'This curl line can’t be read.')
    }
  }
  const send = (): void => {
    if (isCurlLine(draft.url)) return readLine(draft.url)
    invoke('request.send', requestOf(draft)).then(
      (reply) => {
        setRequestId(reply.requestId)
        rememberDraft(keptDraft(draft, reply))
        if (reply.exchangeId === null) return
        selectExchange(reply.exchangeId)
        if (!onSent) return
        compose(false)
        onSent(reply.exchangeId)
      },
      (error: unknown) => setProblem(error instanceof Error ? error.message : 'The request can’t be sent.'),
    )
  }
  const isRunning = sent !== undefined && sent.state !== 'ended'

  return (
    <Sheet
      title="Send a request"
      isOpen
      onCloseRequest={() => compose(false)}
      footer={
        <div className="flex flex-wrap items-center gap-2">
          <p className="min-w-0 flex-1 text-12 text-mute" aria-live="polite">
            {sent && <Standing sent={sent} />}
          </p>
          <Menu align="end" trigger={<Button look="ghost">Copy as</Button>}>
            <CopyItems draft={draft} base={base} />
          </Menu>
          {isRunning && <Button onClick={() => void invoke('request.stop', { requestId: sent.id }).catch(reportRefusal)}>Stop</Button>}
          <Button look="primary" title="Ctrl+Enter" onClick={send}>
            Send
          </Button>
        </div>
      }
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the key is that of the fields inside */}
      <form
        className="flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          send()
        }}
      >
        {gaps.length > 0 && (
          <div role="note" className="rounded-control border border-line bg-raised px-3 py-2 text-12">
            <p className="font-medium">From a captured request</p>
            <p className="text-mute">{gaps.join(' ')} Fill in what is needed before it is sent, or remove it.</p>
          </div>
        )}
        <div className="flex flex-wrap gap-1">
          {requestPresets.map((preset) => (
            <Button key={preset.name} size="small" onClick={() => change(preset.draft, true)}>
              {preset.name}
            </Button>
          ))}
          <RequestHistory onPick={(sent) => change(sent, true)} />
        </div>
        <div className="flex items-start gap-2">
          <Field label="Method" className="w-24 shrink-0">
            <SuggestInput value={draft.method} onChange={(method) => change({ method: method.toUpperCase() })} suggestions={methods} />
          </Field>
          <Field
            label="URL"
            className="flex-1"
            problem={problem}
            hint="A path through the gateway, any URL, or a curl line: paste it, it is read"
          >
            <TextInput
              isMono
              isFirstFocus
              value={draft.url}
              onChange={(url) => change({ url })}
              onPasteText={(text) => {
                if (!isCurlLine(text)) return false
                readLine(text)
                return true
              }}
              placeholder="/v1/chat/completions"
            />
          </Field>
        </div>
        <div className="-mt-2 flex items-center gap-2">
          <p className="min-w-0 flex-1 text-12 text-mute" aria-live="polite">
            <RequestWay draft={draft} />
          </p>
          <RoutePicker draft={draft} onPick={change} />
        </div>
        <HeaderRows headers={draft.headers} onChange={(headers) => change({ headers })} />
        <Field label="Body" hint={jsonProblem(draft.body) ?? undefined}>
          <TextArea rows={8} value={draft.body} onChange={(body) => change({ body })} />
        </Field>
        <div className="flex flex-wrap items-center gap-3">
          <span className="flex-1 text-12 text-mute">Response buffering, for this request alone</span>
          <Segmented
            label="Response buffering of this request"
            value={draft.buffering}
            segments={[
              { value: 'route', label: 'As the route' },
              { value: 'off', label: 'Off' },
              { value: 'on', label: 'On' },
            ]}
            onChange={(buffering) => change({ buffering })}
          />
        </div>
        <Checkbox
          isChecked={draft.reconnects}
          onChange={(reconnects) => change({ reconnects })}
          hint="After the end of the stream, with Last-Event-ID. A 204, another status than 200 or another type ends it. GET only."
        >
          Connect again as an EventSource does
        </Checkbox>
      </form>
    </Sheet>
  )
}

function Standing({ sent }: { sent: SentRequest }) {
  const now = useNow(sent.state === 'waiting', 100)
  if (sent.state === 'waiting') return `Connecting again in ${formatAge((sent.retryAt ?? now) - now)}, attempt ${sent.attempt}`
  if (sent.state === 'open') return sent.attempt > 1 ? `Open, attempt ${sent.attempt}` : 'Open'
  switch (sent.ending) {
    case 'cut':
      return 'The connection was cut.'
    case 'stopped':
      return 'Stopped.'
    case 'status':
      return `Ended for good: status ${sent.status ?? ''}.`
    case 'content-type':
      return 'Ended for good: the answer is no event stream.'
    case 'complete':
    case null:
      return 'Complete.'
    default:
      return sent.ending satisfies never
  }
}
