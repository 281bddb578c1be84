import { useEffect, useState } from 'react'
import type { ListenerTrust, TrustSteps } from '../../proxy-core/contract/trust.ts'
import { invoke } from '../gateway.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { reportRefusal } from '../routes/route-actions.ts'
import { formatDay } from './trust-words.ts'

/** How clients are told to trust the `https://` addresses. Nothing here is done by Sluice itself. */
export function TrustSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [trust, setTrust] = useState<ListenerTrust | null>(null)
  useEffect(() => {
    if (isOpen) void invoke('listener.trust').then(setTrust, reportRefusal)
  }, [isOpen])
  return (
    <Sheet title="Trust the https address" isOpen={isOpen} onCloseRequest={onClose}>
      {trust && <Trust trust={trust} />}
    </Sheet>
  )
}

function Trust({ trust }: { trust: ListenerTrust }) {
  return (
    <div className="flex flex-col gap-4 px-4 py-4 text-13">
      <p className="text-mute">
        The certificates of the https addresses come from an authority that Sluice made on this machine, for names and addresses of this
        machine alone. Clients trust it when you tell them to; Sluice installs nothing.
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-12">
        <Fact name="Certificate" value={trust.file} missing="in memory alone: it is gone when the gateway ends" />
        <Fact name="Fingerprint" value={trust.fingerprint} missing="none" />
        <dt className="text-mute">Valid until</dt>
        <dd className="col-span-2">{formatDay(trust.validUntil)}</dd>
      </dl>
      {trust.steps.map((steps, index) => (
        <Steps key={steps.title} steps={steps} isFirst={index === 0} />
      ))}
    </div>
  )
}

function Fact({ name, value, missing }: { name: string; value: string | null; missing: string }) {
  return (
    <>
      <dt className="text-mute">{name}</dt>
      <dd className={value === null ? 'col-span-2 text-mute' : 'font-mono break-all'}>{value ?? missing}</dd>
      {value !== null && (
        <dd>
          <CopyButton text={value} label={`Copy the ${name.toLowerCase()}`} />
        </dd>
      )}
    </>
  )
}

function Steps({ steps: { title, commands, note, undo }, isFirst }: { steps: TrustSteps; isFirst: boolean }) {
  return (
    <section className={isFirst ? 'flex flex-col gap-2' : 'flex flex-col gap-2 border-t border-line pt-4'}>
      <h3 className="font-semibold">{title}</h3>
      {commands.length > 0 && <Commands lines={commands} label={`Copy the commands for ${title}`} />}
      {note !== null && <p className="text-12 break-words text-mute">{note}</p>}
      {undo.length > 0 && (
        <div className="flex flex-col gap-1">
          <h4 className="text-12 text-mute">To take it back</h4>
          <Commands lines={undo} label={`Copy the commands that take it back for ${title}`} />
        </div>
      )}
    </section>
  )
}

function Commands({ lines, label }: { lines: readonly string[]; label: string }) {
  const text = lines.join('\n')
  return (
    <div className="flex items-start gap-1 rounded-control border border-line bg-bg py-1 pr-1 pl-2.5">
      <pre className="min-w-0 flex-1 py-0.5 font-mono text-12 wrap-anywhere whitespace-pre-wrap select-text">{text}</pre>
      <CopyButton text={text} label={label} />
    </div>
  )
}
