import { expect, test } from 'vitest'
import type { Action } from '../../../src/plan/action.ts'
import { makePlan } from '../../../src/plan/model/plan.ts'
import { restrictPlan } from '../../../src/plan/model/restrict-plan.ts'
import { Secret } from '../../../src/secret.ts'
import { desiredNodes } from '../fixture.ts'

const base = { because: [], after: [] }
const [node] = desiredNodes
const spec = node?.containers[0]
if (node === undefined || spec === undefined) throw new TypeError('the fixture has no containers')
const address = node.node.address

const start = (env: readonly string[]): Action => ({
  ...base,
  kind: 'container.create',
  id: 'container',
  node: address,
  container: { ...spec, env },
  helperImage: 'tools',
  dockerRootDir: '/var/lib/docker',
  mayHaveOtherLinks: false,
})
const upload = (content: string, generated?: boolean): Action => ({
  ...base,
  kind: 'files.upload',
  id: 'files',
  node: address,
  image: 'tools',
  folder: '/etc/kubernetes',
  files: [{ path: '/f', mode: 0o600, content: new Secret(content), ...(generated && { generated }) }],
})
const addon = (manifest: string): Action => ({
  ...base,
  kind: 'addon.apply',
  id: 'addon',
  addon: 'own',
  optional: true,
  manifest: new Secret(manifest),
  keepsRest: false,
  deleteBefore: [],
  deleteAfter: [],
  settings: [],
  job: { image: 'tools', timeout: 120, hosts: [{ hostname: 'a' }] },
  manifestHash: 'of both',
})
const hashOf = (...actions: readonly Action[]): string => makePlan(actions).hash

test('plans with other secrets are other plans: files, manifests and environment variables', () => {
  expect(hashOf(upload('a'))).not.toBe(hashOf(upload('b')))
  expect(hashOf(addon('a'))).not.toBe(hashOf(addon('b')))
  expect(hashOf(start(['KEY=a']))).not.toBe(hashOf(start(['KEY=b'])))
})

test('a plan for chosen nodes counts environment variables as well, which it does not show', () => {
  const hash = (env: string): string =>
    restrictPlan(makePlan([start([env])]), new Set([address]), { strict: true }).hash
  expect(hash('KEY=a')).not.toBe(hash('KEY=b'))
})

test('what is made anew each time a plan is made does not make another plan', () => {
  expect(hashOf(upload('a', true))).toBe(hashOf(upload('b', true)))
  expect(hashOf(upload('a', true))).not.toBe(hashOf(upload('a')))
})

test('plans that change another number of nodes at once are other plans', () => {
  expect(makePlan([upload('a')], { workers: 1 }).hash).not.toBe(makePlan([upload('a')], { workers: 2 }).hash)
})
