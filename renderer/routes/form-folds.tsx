import type { ReactNode } from 'react'
import { Checkbox } from '../parts/checkbox.tsx'
import { Field, TextArea, TextInput } from '../parts/field.tsx'
import { Fold } from '../parts/fold.tsx'
import { FaultFields } from './form-faults.tsx'
import { HeaderRules } from './form-headers.tsx'
import { foldsWithIssues, type FoldName, type FormPart } from './form-part.ts'
import { summaries } from './form-words.ts'

export interface FoldsProps extends FormPart {
  readonly open: ReadonlySet<FoldName>
  readonly onOpenChange: (fold: FoldName, isOpen: boolean) => void
}

/** The rest of the route form, folded; each line says what is inside. */
export function FormFolds({ open, onOpenChange, ...part }: FoldsProps) {
  const bad = foldsWithIssues(part.issues)
  return folds.map(({ name, title, Body }) => (
    <Fold
      key={name}
      title={title}
      summary={summaries[name](part.draft)}
      isBad={bad.includes(name)}
      isOpen={open.has(name)}
      onOpenChange={(isOpen) => onOpenChange(name, isOpen)}
    >
      <div className="flex flex-col gap-3">
        <Body {...part} />
      </div>
    </Fold>
  ))
}

const folds: readonly { name: FoldName; title: string; Body: (part: FormPart) => ReactNode }[] = [
  { name: 'headers', title: 'Headers', Body: Headers },
  { name: 'cors', title: 'Web pages (CORS)', Body: Cors },
  { name: 'timeouts', title: 'Timeouts', Body: Timeouts },
  { name: 'upstream', title: 'Host and TLS', Body: HostAndTls },
  { name: 'stream', title: 'Event streams', Body: Streams },
  { name: 'capture', title: 'Capture', Body: Capture },
  { name: 'readAhead', title: 'Reading ahead', Body: ReadAhead },
  { name: 'matching', title: 'Precedence', Body: Matching },
  { name: 'faults', title: 'Faults on purpose', Body: FaultFields },
]

function Headers({ draft, issues, change }: FormPart) {
  return (
    <>
      <HeaderRules
        title="Request"
        rules={draft.requestHeaders}
        problem={issues.requestHeaders}
        onChange={(requestHeaders) => change({ requestHeaders })}
      />
      <HeaderRules
        title="Response"
        rules={draft.responseHeaders}
        problem={issues.responseHeaders}
        onChange={(responseHeaders) => change({ responseHeaders })}
      />
    </>
  )
}

function Cors({ draft, issues, change }: FormPart) {
  return (
    <>
      <Field label="Origins whose pages may use this route" hint="One a line" problem={issues.corsOrigins}>
        <TextArea value={draft.corsOrigins} onChange={(corsOrigins) => change({ corsOrigins })} placeholder="https://app.example.com" />
      </Field>
      <Checkbox isChecked={draft.corsCredentials} onChange={(corsCredentials) => change({ corsCredentials })}>
        With cookies and other credentials
      </Checkbox>
    </>
  )
}

function Timeouts({ draft, issues, change }: FormPart) {
  return (
    <Columns>
      <Field label="To connect" problem={issues.connectTimeoutMs}>
        <TextInput value={draft.connectTimeoutMs} onChange={(connectTimeoutMs) => change({ connectTimeoutMs })} />
      </Field>
      <Field label="To the response head" hint="0: no limit" problem={issues.headTimeoutMs}>
        <TextInput value={draft.headTimeoutMs} onChange={(headTimeoutMs) => change({ headTimeoutMs })} />
      </Field>
      <Field label="Between body bytes" hint="0: a quiet stream is not a dead one" problem={issues.idleTimeoutMs}>
        <TextInput value={draft.idleTimeoutMs} onChange={(idleTimeoutMs) => change({ idleTimeoutMs })} />
      </Field>
    </Columns>
  )
}

function HostAndTls({ draft, issues, change }: FormPart) {
  return (
    <>
      <Columns>
        <Field label="Host that the upstream sees" hint="client, upstream, or a host name" problem={issues.hostHeader}>
          <TextInput isMono value={draft.hostHeader} onChange={(hostHeader) => change({ hostHeader })} />
        </Field>
        <Field label="Name on its certificate" hint="Empty: the host of the URL" problem={issues.tlsServerName}>
          <TextInput isMono value={draft.tlsServerName} onChange={(tlsServerName) => change({ tlsServerName })} />
        </Field>
      </Columns>
      <Field label="Own CA" hint="Path of a PEM file; empty: the system’s" problem={issues.tlsCa}>
        <TextInput isMono value={draft.tlsCa} onChange={(tlsCa) => change({ tlsCa })} />
      </Field>
      <Checkbox
        isChecked={draft.tlsVerify}
        onChange={(tlsVerify) => change({ tlsVerify })}
        hint="Without this check, anyone on the way can read and change what is sent."
      >
        Check the certificate
      </Checkbox>
      <Checkbox isChecked={draft.http2} onChange={(http2) => change({ http2 })}>
        HTTP/2 where the upstream offers it
      </Checkbox>
    </>
  )
}

function Streams({ draft, issues, change }: FormPart) {
  return (
    <Field label="Heartbeat" hint="A comment is sent into a stream that is quiet for this long; empty: none" problem={issues.heartbeatMs}>
      <TextInput value={draft.heartbeatMs} onChange={(heartbeatMs) => change({ heartbeatMs })} placeholder="none" />
    </Field>
  )
}

function Capture({ draft, change }: FormPart) {
  return (
    <>
      <Checkbox isChecked={draft.isCaptured} onChange={(isCaptured) => change({ isCaptured })}>
        Keep bodies, so that events can be looked at
      </Checkbox>
      <Checkbox isChecked={draft.isRedacted} onChange={(isRedacted) => change({ isRedacted })} hint="What is forwarded is never changed.">
        Redact secrets in what is kept
      </Checkbox>
    </>
  )
}

function ReadAhead({ draft, issues, change }: FormPart) {
  return (
    <Columns>
      <Field label="In memory" hint="How far a slow client may fall behind" problem={issues.memoryBytes}>
        <TextInput value={draft.memoryBytes} onChange={(memoryBytes) => change({ memoryBytes })} />
      </Field>
      <Field label="Then in a temporary file" hint="After that the upstream has to wait" problem={issues.spoolBytes}>
        <TextInput value={draft.spoolBytes} onChange={(spoolBytes) => change({ spoolBytes })} />
      </Field>
    </Columns>
  )
}

function Matching({ draft, issues, change }: FormPart) {
  return (
    <>
      <Field label="Priority" hint="Higher goes first; then exact before prefix, longer before shorter" problem={issues.priority}>
        <TextInput value={draft.priority} onChange={(priority) => change({ priority })} />
      </Field>
      <Checkbox
        isChecked={draft.stripPrefix}
        onChange={(stripPrefix) => change({ stripPrefix })}
        hint="/v1/chat with path /v1/* reaches the upstream as /chat."
      >
        Leave the matched prefix out
      </Checkbox>
    </>
  )
}

function Columns({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-3">{children}</div>
}
