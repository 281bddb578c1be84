import { File } from 'node:buffer'
import { createRequire } from 'node:module'
import workerThreads from 'node:worker_threads'
import zlib from 'node:zlib'

/**
 * What undici 8 expects and Node 18.15 (Electron 25, the stand-in of the set-up) lacks. Imported before anything else;
 * on a Node that has these, nothing is changed.
 */
const load = createRequire(__filename)

fill(globalThis, 'File', File)
fill(Promise, 'withResolvers', withResolvers)
fill(process, 'getBuiltinModule', (name: string): unknown => {
  try {
    return load(name)
  } catch {
    return undefined
  }
})
fill(zlib, 'createZstdDecompress', () => {
  throw new Error('This runtime has no zstd.')
})
fill(workerThreads, 'markAsUncloneable', () => undefined)

function fill(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true })
}

function withResolvers(this: PromiseConstructor) {
  let resolve: (value: unknown) => void = () => undefined
  let reject: (reason: unknown) => void = () => undefined
  const promise = new this<unknown>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
