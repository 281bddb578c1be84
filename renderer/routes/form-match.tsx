import { Plus, Trash2 } from 'lucide-react'
import { Button } from '../parts/button.tsx'
import { Checkbox } from '../parts/checkbox.tsx'
import { Field, TextInput } from '../parts/field.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import type { FormPart } from './form-part.ts'
import type { NodeDraft } from './route-draft.ts'

export interface MatchPartProps extends FormPart {
  /** The id is chosen once, when the route is added. */
  readonly isIdFixed: boolean
  /** What the id will be while none was typed. */
  readonly suggestedId: string
}

/** The second part of the route form: which requests, to where, and what the route is called. */
export function MatchPart({ draft, issues, change, isIdFixed, suggestedId }: MatchPartProps) {
  return (
    <section aria-label="Match and upstream" className="flex flex-col gap-3 border-t border-line p-4">
      <h3 className="font-semibold">Requests and upstream</h3>
      <Field label="Path" hint="Exact, or the start of a path with * at its end: /v1/*" problem={issues.path}>
        <TextInput isMono isFirstFocus value={draft.path} onChange={(path) => change({ path })} placeholder="/v1/*" />
      </Field>
      <UpstreamFields draft={draft} issues={issues} change={change} />
      <div className="grid grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-3">
        <Field label="Hosts" hint="Empty: any; *.example.com is allowed" problem={issues.hosts}>
          <TextInput isMono value={draft.hosts} onChange={(hosts) => change({ hosts })} placeholder="any" />
        </Field>
        <Field label="Methods" hint="Empty: any" problem={issues.methods}>
          <TextInput isMono value={draft.methods} onChange={(methods) => change({ methods: methods.toUpperCase() })} placeholder="any" />
        </Field>
        <Field label="Name" problem={issues.name}>
          <TextInput value={draft.name} onChange={(name) => change({ name })} placeholder="optional" />
        </Field>
        <Field label="Id" hint={isIdFixed ? 'Chosen when the route was added' : 'Used in the config file'} problem={issues.id}>
          <TextInput isMono isDisabled={isIdFixed} value={draft.id} onChange={(id) => change({ id })} placeholder={suggestedId} />
        </Field>
      </div>
      <Checkbox isChecked={draft.enabled} onChange={(enabled) => change({ enabled })}>
        Enabled
      </Checkbox>
    </section>
  )
}

function UpstreamFields({ draft, issues, change }: FormPart) {
  if (draft.nodes.length > 0) return <NodeFields draft={draft} issues={issues} change={change} />
  return (
    <div className="flex flex-col gap-1.5">
      <Field label="Upstream" problem={issues.url ?? issues.nodes}>
        <TextInput isMono value={draft.url} onChange={(url) => change({ url })} placeholder="http://127.0.0.1:8080" />
      </Field>
      <div className="-ml-2 flex flex-wrap gap-1">
        <Button look="ghost" size="small" onClick={() => change({ url: 'demo:' })}>
          Use the built-in demo
        </Button>
        <Button look="ghost" size="small" onClick={() => change({ nodes: [node(draft.url), node('')], url: '' })}>
          Share among several
        </Button>
      </div>
    </div>
  )
}

function NodeFields({ draft, issues, change }: FormPart) {
  const replace = (index: number, patch: Partial<NodeDraft>) =>
    change({ nodes: draft.nodes.map((entry, at) => (at === index ? { ...entry, ...patch } : entry)) })
  const remove = (index: number) => {
    const nodes = draft.nodes.filter((_, at) => at !== index)
    change(nodes.length === 1 ? { nodes: [], url: nodes[0]?.url ?? '' } : { nodes })
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-12 font-medium text-mute">Upstreams, and the share of each</legend>
      {draft.nodes.map((entry, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a node is nothing but its place in the list
        <div key={index} className="flex items-center gap-1.5">
          <TextInput
            isMono
            label={`URL of upstream ${index + 1}`}
            value={entry.url}
            onChange={(url) => replace(index, { url })}
            placeholder="http://127.0.0.1:8080"
          />
          <TextInput
            isNumeric
            label={`Share of upstream ${index + 1}`}
            className="w-16!"
            value={entry.weight}
            onChange={(weight) => replace(index, { weight })}
          />
          <IconButton label={`Remove upstream ${index + 1}`} onClick={() => remove(index)}>
            <Trash2 size={14} />
          </IconButton>
        </div>
      ))}
      <Field label="" problem={issues.nodes}>
        <Button look="ghost" size="small" className="-ml-2 self-start" onClick={() => change({ nodes: [...draft.nodes, node('')] })}>
          <Plus size={13} aria-hidden="true" />
          Add an upstream
        </Button>
      </Field>
    </fieldset>
  )
}

function node(url: string): NodeDraft {
  return { url, weight: '1' }
}
