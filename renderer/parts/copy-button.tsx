import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { copyText } from './copy-text.ts'
import { IconButton } from './icon-button.tsx'

/** Puts text on the clipboard and says so. */
export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [isCopied, setIsCopied] = useState(false)

  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [isCopied])

  function copy(): void {
    copyText(text, () => setIsCopied(true))
  }

  return (
    <IconButton size="small" label={isCopied ? 'Copied' : label} onClick={copy} {...(className === undefined ? {} : { className })}>
      {isCopied ? <Check size={13} className="text-out" /> : <Copy size={13} />}
    </IconButton>
  )
}
