import { expect, test } from 'vitest'
import { parseCertificate } from '../../../src/pki/encoding/certificate.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { outlivingTexts } from '../../../src/pki/issue/expiry.ts'
import { warningDays } from '../../../src/pki/issue/validity.ts'
import { configOf, DAY_MS, ensure, NOW, node, testKeys } from './support.ts'

const nodes = [node('10.0.0.1', ['controlplane', 'etcd', 'worker'])]
const config = (caDays: number, leafDays: number, renewBeforeDays = 0) =>
  configOf(nodes, {}, { certificates: { caDays, leafDays, renewBeforeDays } })

const daysOf = (bundle: CertificatesBundle, name: string): number =>
  (parseCertificate(bundle[name]?.certificatePEM ?? '').notAfter.getTime() - NOW.getTime()) / DAY_MS

test('authorities and all other certificates are valid for the days that cluster.yml says', async () => {
  const { bundle } = await ensure(config(7300, 365))
  expect(daysOf(bundle, 'kube-ca')).toBe(7300)
  expect(daysOf(bundle, 'kube-apiserver-requestheader-ca')).toBe(7300)
  expect(daysOf(bundle, 'kube-apiserver')).toBe(365)
  expect(daysOf(bundle, 'kube-admin')).toBe(365)
})

test('where it says nothing, or 0, both are valid for ten years, as with RKE', async () => {
  const { bundle } = await ensure(config(0, 0))
  expect([daysOf(bundle, 'kube-ca'), daysOf(bundle, 'kube-node')]).toEqual([3650, 3650])
})

test('other days in cluster.yml change nothing that there is', async () => {
  const { bundle } = await ensure(configOf(nodes))
  expect((await ensure(config(100, 50), { existing: bundle })).changes).toEqual([])
})

test('the administrator of a short validity is not issued again in every run', async () => {
  const { bundle } = await ensure(config(3650, 60))
  const in39Days = new Date(NOW.getTime() + 39 * DAY_MS)
  expect((await ensure(config(3650, 60), { existing: bundle, now: in39Days })).changes).toEqual([])
  const in41Days = new Date(NOW.getTime() + 41 * DAY_MS)
  const again = await ensure(config(3650, 60), { existing: bundle, now: in41Days, keys: testKeys(20) })
  expect(again.changes.map(({ name }) => name)).toEqual(['kube-admin'])
})

test('people are warned 90 days before an end, or in the last third of a shorter validity', () => {
  expect(warningDays(config(0, 0))).toBe(90)
  expect(warningDays(config(0, 365))).toBe(90)
  expect(warningDays(config(3650, 90))).toBe(30)
})

test('certificates that are to be valid for longer than their authority are named', async () => {
  const { bundle } = await ensure(config(30, 60))
  expect(outlivingTexts(bundle).flatMap(({ names }) => names)).toContain('kube-apiserver-proxy-client')
})
