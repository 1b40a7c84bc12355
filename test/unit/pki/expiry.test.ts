import { beforeAll, expect, test } from 'vitest'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { expiryWarnings } from '../../../src/pki/issue/expiry.ts'
import { configOf, DAY_MS, ensure, NOW, node } from './support.ts'

const config = configOf([node('10.0.0.1', ['controlplane', 'etcd'])])
let bundle: CertificatesBundle

beforeAll(async () => {
  bundle = (await ensure(config)).bundle
})

const after = (days: number) => new Date(NOW.getTime() + days * DAY_MS)

test('nobody is warned 90 days before the end, everybody 89 days before', () => {
  expect(expiryWarnings(bundle, after(3650 - 90))).toEqual([])
  const warnings = expiryWarnings(bundle, after(3650 - 89))
  expect(warnings).toHaveLength(Object.keys(bundle).length - 1)
  expect(warnings.find((warning) => warning.name === 'kube-proxy')).toMatchObject({
    daysLeft: 89,
    message: 'certificate kube-proxy ends on 2037-02-26, in 89 days: renew it with "rke cert rotate"',
  })
})

test('the token certificate is not looked at, because only its key is used', () => {
  const names = expiryWarnings(bundle, after(3700)).map((warning) => warning.name)
  expect(names).not.toContain('kube-service-account-token')
})

test('a certificate that has ended, and an authority, are told apart', () => {
  const warning = expiryWarnings(bundle, after(3651)).find((one) => one.name === 'kube-ca')
  expect(warning?.message).toBe(
    'certificate kube-ca has ended on 2037-02-26: renew it with "rke cert rotate --rotate-ca"',
  )
  expect(warning?.daysLeft).toBe(-1)
})

test('the next to end comes first', async () => {
  const renewed = await ensure(config, {
    existing: bundle,
    renew: new Set(['kube-scheduler']),
    now: after(10),
  })
  const warnings = expiryWarnings(renewed.bundle, after(3645))
  expect(warnings.at(-1)?.name).toBe('kube-scheduler')
})
