import { describe, expect, test } from 'vitest'
import { addonDecision } from '../../../src/addons/addon-decision.ts'
import { manifestHash } from '../../../src/addons/compare/compare.ts'
import { SUPERSEDED } from '../../../src/addons/jobs.ts'
import { reasonText } from '../../../src/reason-text.ts'

const account = (name: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n`
const text = account('a')
const none = { action: 'none', because: [] }

describe('an addon that is applied and unchanged is left alone', () => {
  test.each([
    [
      'its Job carries the hash of its manifest',
      { stored: text, job: 'complete', jobHash: manifestHash(text) },
    ],
    ['RKE 1 applied it', { stored: text, job: 'complete' }],
    ['its text was written in another way', { stored: `# comment\n---\n${text}`, job: 'complete' }],
    ['a program that compares differently applied it', { stored: text, job: 'complete', jobHash: 'v9-00' }],
  ] as const)('%s', (_, installed) => {
    expect(addonDecision(installed, text)).toEqual(none)
  })
})

describe('an addon is applied', () => {
  test.each([
    ['nothing is installed', { job: 'missing' }, 'not installed'],
    ['its ConfigMap is missing', { job: 'complete' }, 'its ConfigMap is missing'],
    ['its Job is missing', { stored: text, job: 'missing' }, 'its deploy Job is missing'],
    ['its Job runs or has failed', { stored: text, job: 'unfinished' }, 'did not complete'],
    [
      'a run stopped between storing the manifest and running the Job',
      { stored: text, job: 'complete', jobHash: manifestHash(account('before')) },
      'never applied',
    ],
    [
      'a run stopped so over a Job of RKE 1',
      { stored: text, job: 'complete', jobHash: SUPERSEDED },
      'never applied',
    ],
    ['its manifest changed', { stored: account('b'), job: 'complete' }, 'ServiceAccount a added'],
    [
      'one of two equal documents is gone',
      { stored: `${text}---\n${text}`, job: 'complete' },
      'the text changed',
    ],
  ] as const)('when %s', (_, installed, because) => {
    const decision = addonDecision(installed, text)
    expect(decision.action).toBe('apply')
    expect(decision.because.map(reasonText)[0]).toContain(because)
  })
})

describe('where a manifest replaces RKE’s, the reasons say what deliberately differs', () => {
  const differences = ['a is b']
  const changed = { stored: account('b'), job: 'complete' } as const

  test('after what changes', () => {
    const { because } = addonDecision(changed, text, { differences })
    expect(because.map(reasonText).at(-1)).toBe('differs from RKE: a is b')
    expect(because.length).toBeGreaterThan(1)
  })

  test.each([
    ['nothing changes', { stored: text, job: 'complete' }],
    ['this program installed it last', { ...changed, jobHash: manifestHash(account('b')) }],
    ['nothing is installed', { job: 'missing' }],
  ] as const)('but not where %s', (_, installed) => {
    const { because } = addonDecision(installed, text, { differences })
    expect(because.map(({ kind }) => kind)).not.toContain('differs-from-rke')
  })
})

describe('an addon that is switched off', () => {
  test('is deleted if its deploy Job exists', () => {
    expect(addonDecision({ stored: text, job: 'complete' }, undefined).action).toBe('delete')
    expect(addonDecision({ stored: text, job: 'unfinished' }, undefined).action).toBe('delete')
  })

  test('is left alone otherwise: its ConfigMap stays for ever', () => {
    expect(addonDecision({ stored: text, job: 'missing' }, undefined)).toEqual(none)
  })
})
