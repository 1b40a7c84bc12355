import { describe, expect, test } from 'vitest'
import { PROVIDER_FILE_FLAG } from '../../../src/desired/encryption/provider-file.ts'
import type { ObservedNode } from '../../../src/observe/observed-node.ts'
import { decideEncryption } from '../../../src/plan/encryption/decide-encryption.ts'
import { actionDigest } from '../../../src/plan/model/action-digest.ts'
import { quiet } from './support.ts'

const provider = (secret: string): string => `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - aescbc: {keys: [{name: key1, secret: ${Buffer.from(secret.padEnd(32, '.')).toString('base64')}}]}
  - identity: {}
`

function withProviderFile([address, machine]: readonly [string, ObservedNode]): readonly [
  string,
  ObservedNode,
] {
  const containers = [...machine.containers].map(([name, container]) => {
    const flags = new Map([...container.flags, [PROVIDER_FILE_FLAG, '/etc/kubernetes/ssl/encryption.yaml']])
    return [name, name === 'kube-apiserver' ? { ...container, flags } : container] as const
  })
  return [address, { ...machine, containers: new Map(containers) }]
}

/** Digest of what notes the first stage in the state. */
function digestOf(encryptionConfig: string, encryptionGenerated: boolean): string {
  const { scope, known, seen, ...view } = quiet()
  const currentState = { ...known.state.currentState, encryptionConfig: provider('before') }
  const state = { ...known.state, currentState }
  const material = { ...view.wanted.material, encryptionConfig, encryptionGenerated }
  const { work } = decideEncryption(
    {
      ...view,
      wanted: { ...view.wanted, material },
      known: { ...known, state },
      seen: { ...seen, machines: new Map([...seen.machines].map(withProviderFile)) },
    },
    scope,
  )
  const [stage] = work?.before ?? work?.after ?? []
  if (stage === undefined || stage === 'rewrite') throw new TypeError('no stage has a text')
  const { text, generated } = stage
  return actionDigest({ kind: 'encryption.record', id: 'record', because: [], after: [], text, generated })
}

test('a provider file of the user with another key makes another plan', () => {
  expect(digestOf(provider('one'), false)).not.toBe(digestOf(provider('two'), false))
})

test('a key that is made anew for each plan does not', () => {
  expect(digestOf(provider('one'), true)).toBe(digestOf(provider('two'), true))
})

describe('a kms plugin in the place of a key', () => {
  const plugin = `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - kms: {apiVersion: v2, name: vault, endpoint: "unix:///run/kms/vault.sock"}
`

  function workWith(extraBinds: readonly string[]) {
    const { scope, known, seen, wanted, ...view } = quiet()
    const currentState = { ...known.state.currentState, encryptionConfig: provider('before') }
    const { config } = wanted
    const kubeApi = { ...config.services.kubeApi, extraBinds: [...extraBinds] }
    return decideEncryption(
      {
        ...view,
        wanted: {
          ...wanted,
          config: { ...config, services: { ...config.services, kubeApi } },
          material: { ...wanted.material, encryptionConfig: plugin },
        },
        known: { ...known, state: { ...known.state, currentState } },
        seen: { ...seen, machines: new Map([...seen.machines].map(withProviderFile)) },
      },
      scope,
    ).work
  }

  test('comes with the containers of API servers, where they do not have the folder of its socket yet', () => {
    const work = workWith(['/run/kms:/run/kms'])
    expect(work?.before).toEqual([])
    expect(work?.after.length).toBeGreaterThan(1)
  })

  test('is refused where they will not have it either', () => {
    expect(() => workWith([])).toThrow('API servers need the kms plugin vault')
  })
})
