import { beforeAll, expect, test } from 'vitest'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { expiryTexts, outlivingTexts } from '../../../src/pki/issue/expiry.ts'
import { configOf, DAY_MS, ensure, NOW, node } from './support.ts'

const config = configOf([node('10.0.0.1', ['controlplane', 'etcd'])])
let bundle: CertificatesBundle

beforeAll(async () => {
  bundle = (await ensure(config)).bundle
})

const after = (days: number) => new Date(NOW.getTime() + days * DAY_MS)
const renewed = async (names: readonly string[], days: number) =>
  (await ensure(config, { existing: bundle, renew: new Set(names), now: after(days) })).bundle
const messages = (...of: Parameters<typeof expiryTexts>) => expiryTexts(...of).map(({ message }) => message)

test('nobody is warned 90 days before the end, everybody 89 days before', () => {
  expect(expiryTexts(bundle, after(3650 - 90))).toEqual([])
  expect(expiryTexts(bundle, after(3650 - 89))).toHaveLength(1)
  expect(expiryTexts(bundle, after(3650 - 89), 30)).toEqual([])
})

test('certificates that end on one day are one text, with the command that renews all of them', () => {
  expect(messages(bundle, after(3650 - 89))).toEqual([
    'certificates kube-ca, kube-apiserver-requestheader-ca, kube-apiserver and 7 more end on 2037-02-26, in 89 days: ' +
      'renew them with "rke cert rotate --rotate-ca"',
  ])
})

test('the token certificate is not looked at, because only its key is used', () => {
  const [all] = expiryTexts(bundle, after(3700))
  expect(all?.names).toHaveLength(Object.keys(bundle).length - 1)
  expect(all?.names).not.toContain('kube-service-account-token')
})

test('one that ends alone needs no new authority, and the next to end comes first', async () => {
  const { 'kube-scheduler': first, ...others } = bundle
  const later = await renewed(
    Object.keys(others).filter((name) => !name.endsWith('-ca')),
    10,
  )
  expect(messages({ ...later, ...(first && { 'kube-scheduler': first }) }, after(3655)).slice(0, 1)).toEqual([
    'certificates kube-ca, kube-apiserver-requestheader-ca and kube-scheduler have ended on 2037-02-26: ' +
      'renew them with "rke cert rotate"',
  ])
  const { 'kube-ca': _ca, 'kube-apiserver-requestheader-ca': _other, ...leaves } = later
  expect(messages({ ...leaves, ...(first && { 'kube-scheduler': first }) }, after(3651))).toEqual([
    'certificate kube-scheduler has ended on 2037-02-26: renew it with "rke cert rotate"',
    'certificates kube-apiserver, kube-controller-manager, kube-proxy and 4 more end on 2037-03-08, in 9 days: ' +
      'renew them with "rke cert rotate"',
  ])
})

test('what is valid for longer than the authority that signs it is named once for each authority', async () => {
  expect(outlivingTexts(bundle)).toEqual([])
  const names = ['kube-proxy', 'kube-node', 'kube-apiserver-proxy-client']
  expect(outlivingTexts(await renewed(names, 400)).map(({ message }) => message)).toEqual([
    'certificates kube-proxy and kube-node are valid for longer than kube-ca, which signs them: nobody accepts them ' +
      'after 2037-02-26, when kube-ca ends',
    'certificate kube-apiserver-proxy-client is valid for longer than kube-apiserver-requestheader-ca, which signs it: ' +
      'nobody accepts it after 2037-02-26, when kube-apiserver-requestheader-ca ends',
  ])
})
