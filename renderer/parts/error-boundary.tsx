import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

interface ErrorBoundaryProps {
  /** What is missing while it cannot be shown, as the start of a sentence: `The routes`. */
  readonly what: string
  readonly children: ReactNode
}

/** Keeps a mistake in one part of the window from taking the other parts away. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack)
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <EmptyState
        title={`${this.props.what} cannot be shown`}
        action={<Button onClick={() => this.setState({ hasFailed: false })}>Show again</Button>}
      >
        Something went wrong inside the window. The gateway is not affected: streams go on.
      </EmptyState>
    )
  }
}
