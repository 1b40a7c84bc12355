import { describe, expect, it } from 'vitest'
import {
  type EncryptionFacts,
  type EncryptionStep,
  encryptionChange,
} from '../../../../src/desired/encryption/change.ts'
import {
  customText,
  managedDisabledText,
  managedText,
} from '../../../../src/desired/encryption/managed-texts.ts'
import { readProviders } from '../../../../src/desired/encryption/read-providers.ts'
import { Secret } from '../../../../src/secret.ts'

const key = (name: string) => ({ name, secret: new Secret('AAAA') })
const aescbc = (name: string) => ({ aescbc: { keys: [{ name, secret: 'AAAA' }] } })
const own = (...names: readonly string[]): string => managedText(names.map(key))
const custom = (...providers: readonly object[]): string =>
  customText({ resources: [{ resources: ['secrets'], providers: [...providers] }] })

/** One API server, whose provider file is that of `current`. */
const one = { pending: false, wantedServers: 1, servers: 1, withFile: 1 }
const three = { pending: false, wantedServers: 3, servers: 3, withFile: 3 }
const NO_FILE = { withFile: 0 }

describe('one API server', () => {
  it('that has a file from now on writes with the key at once; then Secrets are written anew', () => {
    expect(stepsOf({ ...one, ...NO_FILE, current: '', wanted: own('new') })).toEqual({
      before: [],
      between: 'new identity',
      after: ['rewrite'],
    })
  })

  it('reads with the old key until no Secret needs it', () => {
    expect(stepsOf({ ...one, current: own('old'), wanted: own('new') })).toEqual({
      before: ['new old identity', 'rewrite', 'new identity'],
      between: 'new identity',
      after: [],
    })
  })

  it('has its file taken away when nothing is encrypted any more', () => {
    expect(stepsOf({ ...one, current: own('old'), wanted: '' })).toEqual({
      before: ['identity old', 'rewrite'],
      between: '',
      after: [],
    })
  })

  it('can read what was not encrypted, also where the user forgot that', () => {
    expect(stepsOf({ ...one, ...NO_FILE, current: '', wanted: custom(aescbc('u')) })).toEqual({
      before: [],
      between: 'u identity',
      after: ['rewrite', 'u'],
    })
  })
})

describe('a kms plugin whose socket API servers see only with their next container', () => {
  const wanted = custom({ kms: { name: 'u', endpoint: 'unix:///run/u.sock', apiVersion: 'v2' } })
  const facts = { current: own('old'), wanted, lacksSocket: true }

  it('comes with that container: no API server gets the file before', () => {
    expect(stepsOf({ ...one, ...facts })).toMatchObject({ before: [], after: ['rewrite', 'kms'] })
    expect(stepsOf({ ...three, ...facts })).toEqual({
      before: [],
      between: 'old identity kms',
      after: ['old identity kms', 'kms old identity', 'rewrite', 'kms'],
    })
  })

  it('goes while they have the socket', () => {
    expect(stepsOf({ ...three, current: wanted, wanted: '', lacksSocket: false })).toMatchObject({
      after: [],
      between: '',
    })
  })
})

describe('several API servers', () => {
  it('learn to read with a key before any of them writes with it', () => {
    expect(stepsOf({ ...three, ...NO_FILE, current: '', wanted: own('new') })).toEqual({
      before: [],
      between: 'identity new',
      after: ['new identity', 'rewrite'],
    })
    expect(stepsOf({ ...three, current: own('old'), wanted: own('new') })).toEqual({
      before: ['old new identity', 'new old identity', 'rewrite', 'new identity'],
      between: 'new identity',
      after: [],
    })
  })

  it('need not learn what they can read', () => {
    expect(
      stepsOf({ ...three, current: custom(aescbc('old'), aescbc('new')), wanted: custom(aescbc('new')) }),
    ).toEqual({
      before: ['new old', 'rewrite', 'new'],
      between: 'new',
      after: [],
    })
  })

  it('are taken through a step again that may not have been everywhere', () => {
    const interrupted = { ...three, pending: true, current: own('new', 'old'), wanted: own('new') }
    expect(stepsOf(interrupted)).toEqual({
      before: ['new old identity', 'new old identity', 'rewrite', 'new identity'],
      between: 'new identity',
      after: [],
    })
    expect(stepsOf({ ...three, pending: true, current: own('new'), wanted: own('new') })).toEqual({
      before: ['new identity', 'new identity', 'rewrite'],
      between: 'new identity',
      after: [],
    })
  })

  it('only lose their file where an interrupted run has rewritten everything', () => {
    const current = managedDisabledText([key('old')])
    expect(stepsOf({ ...three, withFile: 2, pending: true, current, wanted: '' })).toEqual({
      before: [],
      between: '',
      after: [],
    })
  })

  it('without a file, though one is in use, get it back first', () => {
    const change = encryptionChange({ ...three, ...NO_FILE, current: own('old'), wanted: '' })
    expect(change).toEqual({
      before: [],
      after: [],
      between: own('old'),
      waits: 'no API server had the keys',
    })
  })
})

it('nothing is done where the file is in use, whatever a user may have added', () => {
  expect(encryptionChange({ ...three, current: own('old'), wanted: own('old') })).toBeUndefined()
  expect(encryptionChange({ ...three, ...NO_FILE, current: '', wanted: '' })).toBeUndefined()
})

/** Texts by the names of their keys for Secrets. */
function stepsOf(facts: EncryptionFacts) {
  const change = encryptionChange(facts)
  const names = (step: EncryptionStep): string => (step === 'rewrite' ? step : namesOf(step.text))
  return (
    change && {
      before: change.before.map(names),
      between: namesOf(change.between),
      after: change.after.map(names),
    }
  )
}

function namesOf(text: string): string {
  return readProviders(text)
    .flatMap(({ providers }) => providers)
    .flatMap((provider) => provider.aescbc?.keys?.map(({ name }) => name) ?? Object.keys(provider))
    .join(' ')
}
