import { PassThrough } from 'node:stream'
import type { ActionContext } from '../../../src/actions/action-handler.ts'
import { KubeError } from '../../../src/errors.ts'
import { openProbe } from '../../../src/node/containers/health.ts'
import { Secret } from '../../../src/secret.ts'
import { FakeNode } from '../fakes/fake-node.ts'

/** Fake machines by address, and the context of an action that works on them. */
export function bench(...addresses: string[]) {
  const nodes = new Map(addresses.map((address) => [address, new FakeNode(address)]))
  const progress: string[] = []
  const node = (address: string): FakeNode => {
    const found = nodes.get(address)
    if (found === undefined) throw new TypeError(`no fake node ${address}`)
    return found
  }
  const context: ActionContext = {
    node,
    etcd: () => {
      throw new TypeError('this test has no etcd')
    },
    kube: () => Promise.reject(new KubeError('this test has no API')),
    kubeFor: () => Promise.reject(new KubeError('this test has no API')),
    credentials: async () => undefined,
    reachKubelet: async () => ({ ok: true, detail: '' }),
    probe: (address, check) => openProbe(node(address), check),
    state: () => ({
      commit: () => Promise.resolve(),
      recordEncryption: () => Promise.resolve(),
      mustBeOurs: () => {},
      copy: () => new Secret('{}'),
      expectCopy: () => Promise.resolve(),
      noteCopy: () => Promise.resolve(),
      beginRestore: () => Promise.resolve(),
      finishRestore: () => Promise.resolve(),
      endRestore: () => Promise.resolve(),
      noteCleaned: () => Promise.resolve(),
      undoRestore: () => Promise.resolve(),
    }),
    snapshots: () => ({ saved: () => {}, notCopied: () => {}, whyNotCopied: () => undefined }),
    noteStored: () => {},
    bucket: () => {
      throw new TypeError('this test has no bucket')
    },
    signal: new AbortController().signal,
    progress: (text) => progress.push(text),
  }
  return { node, context, progress }
}

/** A connection that somebody accepted. */
export const accepted = () => new PassThrough()
