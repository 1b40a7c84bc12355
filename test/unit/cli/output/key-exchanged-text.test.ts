import { expect, it } from 'vitest'
import { keyExchangedText } from '../../../../src/cli/output/key-exchanged-text.ts'

const [rewrite, verify] = [{ kind: 'encryption.rewrite' }, { kind: 'encryption.verify' }]
const stored = [{ resource: 'secrets', storedAs: 'aescbc:v1:k-1', count: 3 }]

it('the end of an exchange of the key says that etcd was not asked only where it was not', () => {
  expect(keyExchangedText({ steps: [rewrite, verify], stored })).toMatch(/3 secrets stored as aescbc:v1:k-1$/)
  expect(keyExchangedText({ steps: [rewrite, verify], stored: [] })).toMatch(
    /etcd was asked, and has no values/,
  )
  expect(keyExchangedText({ steps: [rewrite], stored: [] })).toMatch(/it was not asked/)
  expect(keyExchangedText({ steps: [{ kind: 'encryption.record' }], stored: [] })).toMatch(/exchanged$/)
})
