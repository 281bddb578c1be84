import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { copyText } from './copy-text.ts'
import { IconButton } from './icon-button.tsx'

export interface CopyButtonProps {
  /** The text, or what finds it once it is wanted; null when it could not be found. */
  readonly text: string | (() => string | null | Promise<string | null>)
  readonly label: string
  readonly className?: string
}

/** Puts text on the clipboard and says so. */
export function CopyButton({ text, label, className }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false)

  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [isCopied])

  function copy(): void {
    if (typeof text === 'string') copyText(text, () => setIsCopied(true))
    else void Promise.resolve(text()).then((found) => found !== null && copyText(found, () => setIsCopied(true)))
  }

  return (
    <IconButton size="small" label={isCopied ? 'Copied' : label} onClick={copy} {...(className === undefined ? {} : { className })}>
      {isCopied ? <Check size={13} className="text-out" /> : <Copy size={13} />}
    </IconButton>
  )
}
