import { describe, expect, it } from 'vitest'
import { wantedEncryption } from '../../../../src/desired/encryption/choose.ts'
import {
  customText,
  type EncryptionKey,
  managedDisabledText,
  managedKeys,
  managedText,
  newEncryptionKey,
} from '../../../../src/desired/encryption/managed-texts.ts'
import { StateError } from '../../../../src/errors.ts'
import { Secret } from '../../../../src/secret.ts'
import { cluster } from '../files/cluster.ts'

const old: EncryptionKey = {
  name: 'k-7x9kq',
  secret: new Secret('MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY='),
}
const fresh: EncryptionKey = { name: 'k-bbbbb', secret: new Secret('AAAA') }
const aescbc = (name: string) => ({ aescbc: { keys: [{ name, secret: 'AAAA' }] } })
const HEAD = 'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n'

describe('keys', () => {
  it('are 16 random bytes as upper-case hex, and named at random', () => {
    const key = newEncryptionKey((count) => new Uint8Array(count).fill(count === 16 ? 0xab : 28))
    expect(Buffer.from(key.secret.reveal(), 'base64').toString()).toBe('AB'.repeat(16))
    expect(key.name).toBe('k-ccccc')
    expect(JSON.stringify(key)).not.toContain(key.secret.reveal())
  })
})

describe('provider file with own keys', () => {
  it('encrypts Secrets and still reads what is not encrypted', () => {
    expect(managedText([old])).toBe(`${HEAD}resources:
- resources:
  - secrets
  providers:
  - aescbc:
      keys:
      - name: k-7x9kq
        secret: MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=
  - identity: {}`)
  })

  it('writes with the first of several keys', () => {
    const text = managedText([fresh, old])
    expect(text).toContain(
      '      - name: k-bbbbb\n        secret: AAAA\n      - name: k-7x9kq\n        secret: MDE',
    )
    expect(managedKeys(text)?.map(({ name }) => name)).toEqual(['k-bbbbb', 'k-7x9kq'])
    expect(managedKeys(text)?.[0]?.secret.reveal()).toBe('AAAA')
  })

  it('writes plain text on the way back', () => {
    expect(managedDisabledText([old])).toBe(`${HEAD}resources:
- resources:
  - secrets
  providers:
  - identity: {}
  - aescbc:
      keys:
      - name: k-7x9kq
        secret: MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUY=`)
  })
})

describe('provider file of the user', () => {
  const resources = [{ resources: ['secrets'], providers: [aescbc('k1'), { identity: {} }] }]

  it('has the head twice if the configuration repeats it, and two line breaks at its end', () => {
    const given = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration', resources }
    expect(customText(given)).toBe(`${HEAD}${HEAD}resources:
- providers:
  - aescbc:
      keys:
      - name: k1
        secret: AAAA
  - identity: {}
  resources:
  - secrets

`)
  })

  it('has it once if the configuration does not', () => {
    expect(customText({ resources: null })).toBe(`${HEAD}resources: null\n\n`)
  })

  it('says so when a stored text is damaged, without showing any of it', () => {
    const bad = () => managedKeys('resources:\n- providers: SECRET')
    expect(bad).toThrow(StateError)
    expect(bad).toThrow(/resources\.0\.providers/)
    expect(bad).not.toThrow(/SECRET/)
    expect(() => managedKeys('a: [SECRET')).toThrow('it is not YAML')
  })
})

describe('which provider file', () => {
  const never = (): EncryptionKey => {
    throw new Error('a key was made')
  }
  const enabled = cluster({ secretsEncryptionConfig: { enabled: true } })
  const custom = cluster({ secretsEncryptionConfig: { enabled: true, customConfig: { resources: null } } })

  it('is none without encryption, whatever was before', () => {
    const disabled = cluster({
      secretsEncryptionConfig: { enabled: false, customConfig: { resources: null } },
    })
    expect(wantedEncryption({ config: cluster(), current: 'x', newKey: never })).toBeUndefined()
    expect(wantedEncryption({ config: disabled, current: 'x', newKey: never })).toBeUndefined()
  })

  it('stays what it is: first what was applied, then what was planned', () => {
    const both = { current: managedText([old]), desired: managedText([fresh]) }
    expect(wantedEncryption({ config: enabled, ...both, newKey: never })).toBe(both.current)
    expect(wantedEncryption({ config: enabled, ...both, current: '', newKey: never })).toBe(both.desired)
    const foreign = customText({ resources: null })
    expect(wantedEncryption({ config: enabled, current: foreign, newKey: never })).toBe(foreign)
  })

  it('has a new key only if there is none', () => {
    expect(wantedEncryption({ config: enabled, newKey: () => fresh })).toBe(managedText([fresh]))
  })

  it('encrypts again, if a run on the way to plain text was interrupted', () => {
    const current = managedDisabledText([old])
    expect(wantedEncryption({ config: enabled, current, newKey: never })).toBe(managedText([old]))
  })

  it('has a key of its own once the configuration of the user is taken out', () => {
    const current = customText({ resources: null })
    const choice = { config: enabled, applied: custom, current, desired: current, newKey: () => fresh }
    expect(wantedEncryption(choice)).toBe(managedText([fresh]))
    const desired = managedText([old])
    expect(wantedEncryption({ ...choice, desired, newKey: never })).toBe(desired)
  })

  it('is not what an interrupted change left in between', () => {
    const current = customText({ resources: null })
    const choice = { config: enabled, applied: cluster(), current, pending: true }
    expect(wantedEncryption({ ...choice, newKey: () => fresh })).toBe(managedText([fresh]))
  })

  it('is not a configuration of the user that an earlier run was to apply, and that was taken out again', () => {
    const choice = { config: enabled, applied: cluster(), desired: customText({ resources: null }) }
    expect(wantedEncryption({ ...choice, newKey: () => fresh })).toBe(managedText([fresh]))
  })

  it("is the user's as soon as there is one", () => {
    expect(wantedEncryption({ config: custom, current: 'applied', newKey: never })).toBe(
      customText({ resources: null }),
    )
  })
})
