import { createPrivateKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { EtcdError } from '../../../src/errors.ts'
import { newEntry } from '../../../src/pki/encoding/entry.ts'
import { issueAuthority } from '../../../src/pki/issue/issue.ts'
import { mustChangeAtOnce } from '../../../src/plan/certificates/must-change-at-once.ts'
import { becauseOfExpired, refuseExpired } from '../../../src/plan/checks/expired-certificates.ts'
import type { PlanBasis } from '../../../src/plan/model/plan-basis.ts'
import { pooledKeys } from '../../sim/key-pool.ts'
import { bundle } from '../fixture.ts'
import { quiet } from './support.ts'

const SUPPLIED = 'kube-etcd-client'
const now = new Date()
const key = await pooledKeys.generate()
const issued = async (days: number) => {
  const from = new Date(now.getTime() - days * 24 * 60 * 60_000)
  return newEntry(SUPPLIED, await issueAuthority('etcd', createPrivateKey(key), from), key)
}
const [ended, valid] = [await issued(3700), await issued(1)]

/** A cluster with an external etcd whose client certificate has ended, and what cluster.yml holds by now. */
function clusterWith(given: typeof ended): PlanBasis {
  const basis = quiet()
  const { wanted, known, seen } = basis
  const { state } = known
  const before = { certificatesBundle: { ...bundle, [SUPPLIED]: ended } }
  const currentState = { ...state.currentState, ...before }
  return {
    ...basis,
    wanted: { ...wanted, material: { ...wanted.material, bundle: { ...bundle, [SUPPLIED]: given } } },
    known: { ...known, state: { ...state, currentState } },
    seen: { ...seen, kube: undefined },
  }
}

const refused = (basis: PlanBasis): unknown => {
  try {
    return refuseExpired(basis, now)
  } catch (thrown) {
    return thrown
  }
}

test('a client certificate of an external etcd that has ended is to be replaced in cluster.yml', () => {
  expect(refused(clusterWith(ended))).toMatchObject({
    message: expect.stringContaining('certificate kube-etcd-client has ended'),
    hint: 'replace those of services.etcd in cluster.yml; then run the same command again',
  })
})

test('one that is replaced there is planned for, and no reason to restart everything at once', () => {
  expect(refused(clusterWith(valid))).toBeUndefined()
  expect(mustChangeAtOnce(clusterWith(valid), now)).toBe(false)
})

test('a failure on one of the nodes, too, says which certificates have ended and what renews them', () => {
  const failure = new EtcdError('no member is healthy', {
    host: '10.66.0.11',
    why: 'timed out',
    hint: 'wait',
  })
  const { state } = clusterWith(ended).known
  expect(becauseOfExpired(failure, state, now)).toMatchObject({
    host: '10.66.0.11',
    message: expect.stringMatching(
      /^no member is healthy: timed out; certificate kube-etcd-client has ended on/,
    ),
    hint: expect.stringContaining('services.etcd in cluster.yml'),
  })
})
