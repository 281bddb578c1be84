import { useEffect, useMemo, useRef, useState } from 'react'
import { GatewayError } from '../../proxy-core/contract/errors.ts'
import { routeLabel, type Route } from '../../proxy-core/contract/route.ts'
import { invoke } from '../gateway.ts'
import { Button } from '../parts/button.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useGateway } from '../state/gateway-store.ts'
import { isSame } from '../state/keep-same.ts'
import { openRouteForm, revealRoute, useView, type RouteFormTarget } from '../state/view-store.ts'
import { BufferingPart } from './form-buffering.tsx'
import { FormFolds } from './form-folds.tsx'
import { MatchPart } from './form-match.tsx'
import { foldsWithIssues, type FoldName } from './form-part.ts'
import { checkDraft, issuesByField, type DraftIssues } from './route-check.ts'
import { draftOf, emptyDraft, suggestId, type RouteDraft } from './route-draft.ts'

/** The form of one route, over the right side of the window, while one is asked for. */
export function RouteForm() {
  const target = useView((view) => view.routeForm)
  const routes = useGateway((view) => view.routes)
  if (!target) return null
  return <OpenForm key={target.mode === 'add' ? 'add' : `${target.mode} ${target.source.id}`} target={target} routes={routes} />
}

function OpenForm({ target, routes }: { target: RouteFormTarget; routes: readonly Route[] }) {
  const edited = target.mode === 'edit' ? target.source : null
  const taken = useMemo(() => routes.map((route) => route.id as string).filter((id) => id !== edited?.id), [routes, edited])
  const [initial] = useState(() => startOf(target))
  const [draft, setDraft] = useState(initial)
  const [hasTried, setHasTried] = useState(false)
  const [refusal, setRefusal] = useState<{ readonly message: string; readonly issues: DraftIssues } | null>(null)
  const [isSaving, setIsSaving] = useState(false)
  const [isLeaving, setIsLeaving] = useState(false)
  const [open, setOpen] = useState<ReadonlySet<FoldName>>(new Set())
  const [failures, setFailures] = useState(0)
  const form = useRef<HTMLFormElement>(null)
  const lastField = useRef<HTMLElement | null>(null)

  const suggestedId = suggestId(draft, taken)
  const checked = checkDraft(draft.id === '' ? { ...draft, id: suggestedId } : draft, taken)
  const issues: DraftIssues = { ...(hasTried && !checked.ok ? checked.issues : {}), ...refusal?.issues }
  const isChanged = !isSame(draft, initial)

  // After a refused save the first field that is wrong takes the focus, once its fold has opened.
  useEffect(() => {
    if (failures === 0) return
    form.current?.querySelector<HTMLElement>('input[data-invalid], textarea[data-invalid], [role="alert"]')?.focus()
  }, [failures])

  function change(patch: Partial<RouteDraft>): void {
    setDraft((last) => ({ ...last, ...patch }))
    setRefusal(null)
    setIsLeaving(false)
  }

  function fail(found: DraftIssues): void {
    setOpen((last) => new Set([...last, ...foldsWithIssues(found)]))
    setFailures((count) => count + 1)
  }

  function save(): void {
    setHasTried(true)
    if (!checked.ok) return fail(checked.issues)
    setIsSaving(true)
    const place = target.mode === 'duplicate' ? { index: target.index } : {}
    invoke('route.save', { route: checked.route, ...place }).then(
      () => {
        openRouteForm(null)
        revealRoute(checked.route.id)
      },
      (error: unknown) => {
        const found = error instanceof GatewayError ? issuesByField(error.issues ?? []) : {}
        setIsSaving(false)
        setRefusal({ message: error instanceof GatewayError ? error.message : 'Something went wrong inside the window.', issues: found })
        fail(found)
      },
    )
  }

  function leave(): void {
    if (!isChanged) return openRouteForm(null)
    // A second Escape means: no, stay.
    if (isLeaving) return stay()
    lastField.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
    setIsLeaving(true)
  }

  function stay(): void {
    setIsLeaving(false)
    lastField.current?.focus()
  }

  const part = { draft, issues, change }
  return (
    <Sheet
      title={titleOf(target)}
      isOpen
      onCloseRequest={leave}
      footer={
        isLeaving ? (
          <div role="alert" className="flex flex-wrap items-center gap-2">
            <span className="flex-1">The changes are not saved.</span>
            <Button look="bad" onClick={() => openRouteForm(null)}>
              Discard them
            </Button>
            <Button ref={focusOnShow} onClick={stay}>
              Keep editing
            </Button>
          </div>
        ) : (
          <div className="flex flex-wrap items-center gap-2">
            <p className="min-w-0 flex-1 text-12 text-mute" aria-live="polite">
              <FooterWords
                issues={issues}
                refusal={refusal?.message}
                edited={edited}
                current={routes.find((route) => route.id === edited?.id)}
              />
            </p>
            <Button look="ghost" onClick={leave}>
              Cancel
            </Button>
            <Button look="primary" disabled={isSaving} onClick={() => form.current?.requestSubmit()}>
              {target.mode === 'edit' ? 'Save' : 'Add route'}
            </Button>
          </div>
        )
      }
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of the fields inside */}
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
        onKeyDown={(event) => {
          if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            form.current?.requestSubmit()
          }
        }}
      >
        <BufferingPart {...part} />
        <MatchPart {...part} isIdFixed={target.mode === 'edit'} suggestedId={suggestedId} />
        <FormFolds {...part} open={open} onOpenChange={(fold, isOpen) => setOpen((last) => withFold(last, fold, isOpen))} />
        {/* Enter in a field submits a form only if it has a submit button of its own. */}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Sheet>
  )
}

interface FooterWordsProps {
  readonly issues: DraftIssues
  readonly refusal: string | undefined
  /** The route as it was when the form opened, and as it is now. */
  readonly edited: Route | null
  readonly current: Route | undefined
}

function FooterWords({ issues, refusal, edited, current }: FooterWordsProps) {
  const count = Object.keys(issues).length
  if (issues.form !== undefined) return <span className="text-bad">{issues.form}</span>
  if (refusal !== undefined) return <span className="text-bad">{refusal}</span>
  if (count > 0) return <span className="text-bad">{count === 1 ? 'One field needs a look.' : `${count} fields need a look.`}</span>
  if (!edited) return null
  if (!current) return 'This route was removed in the meantime; saving adds it again.'
  if (!isSame(current, edited)) return 'This route was changed elsewhere in the meantime; saving replaces that.'
  return 'Open streams follow a change of buffering at once.'
}

function startOf(target: RouteFormTarget): RouteDraft {
  if (target.mode === 'add') return { ...emptyDraft(), url: target.upstreamUrl ?? '', path: target.path ?? '' }
  const draft = draftOf(target.source)
  return target.mode === 'edit' ? draft : { ...draft, id: '', name: `${routeLabel(target.source)} copy` }
}

function titleOf(target: RouteFormTarget): string {
  if (target.mode === 'add') return 'New route'
  return target.mode === 'edit' ? `Edit ${routeLabel(target.source)}` : `Copy of ${routeLabel(target.source)}`
}

function withFold(open: ReadonlySet<FoldName>, fold: FoldName, isOpen: boolean): ReadonlySet<FoldName> {
  const next = new Set(open)
  if (isOpen) next.add(fold)
  else next.delete(fold)
  return next
}

function focusOnShow(element: HTMLElement | null): void {
  element?.focus()
}
