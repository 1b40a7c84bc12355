import { describe, expect, it } from 'vitest'
import { admissionText } from '../../../../src/desired/files/admission.ts'
import { md5 } from '../../../../src/desired/files/md5.ts'
import { cluster } from './cluster.ts'

const V124 = { kubernetesVersion: 'v1.24.17-rancher1-1' }
const admissionConfiguration = (...plugins: { name: string; path: string; configuration: object }[]) => ({
  admissionConfiguration: {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: plugins.map((plugin) => ({ ...plugin, configuration: { ...plugin.configuration } })),
  },
})
const podSecurity = {
  name: 'PodSecurity',
  path: '',
  configuration: { z10: 1, z9: 2, Za: 3, '1': '2024-01-01', y: '*', t: 'yes', nl: 'x\ny', ld: ' lead' },
}

describe('admission.yaml', () => {
  it('configures the event rate limit and pod security, whether they are enabled or not', () => {
    expect(admissionText(cluster())).toBe(`apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- configuration:
    apiVersion: eventratelimit.admission.k8s.io/v1alpha1
    kind: Configuration
    limits:
    - burst: 20000
      qps: 5000
      type: Server
  name: EventRateLimit
  path: ""
- configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    defaults:
      enforce: privileged
      enforce-version: latest
    exemptions: {}
    kind: PodSecurityConfiguration
  name: PodSecurity
  path: ""
`)
  })

  it.each([
    ['privileged', {}, '69ff71a7958fe5108686fd89fcbff80d', 503],
    ['restricted', {}, 'fe4daf2c9a6824b6377a4826692058c5', 662],
    ['privileged', V124, '3d3984384a7a48da4c252eb3edeca246', 508],
    ['restricted', V124, '63677077e55d6e11725a8161470da762', 667],
  ])(
    'has the bytes that running API servers were told the checksum of: %s %j',
    (level, changes, sum, size) => {
      const text = admissionText(cluster({ podSecurityConfiguration: level }, changes)) ?? ''
      expect(md5(text)).toBe(sum)
      expect(text).toHaveLength(size)
    },
  )

  it('takes a plugin of the configuration whole', () => {
    const text = admissionText(cluster(admissionConfiguration(podSecurity))) ?? ''
    expect(md5(text)).toBe('9ad382026ee3780c5ab72af376f8af6c')
    expect(text).toContain(`- configuration:
    "1": "2024-01-01"
    Za: 3
    ld: ' lead'
    nl: |-
      x
      y
    t: "yes"
    "y": '*'
    z9: 2
    z10: 1
  name: PodSecurity
  path: ""
`)
  })

  it('leaves other plugins out, as ever', () => {
    const config = cluster(
      admissionConfiguration({ name: 'ImagePolicyWebhook', path: '/p', configuration: {} }, podSecurity),
    )
    expect(md5(admissionText(config) ?? '')).toBe('9ad382026ee3780c5ab72af376f8af6c')
  })

  it('has the configured event rate limit once it is enabled, a cache size only if one is set', () => {
    const configuration = {
      apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1',
      kind: 'Configuration',
      limits: [
        { type: 'Namespace', qps: 1, burst: 2, cacheSize: 3 },
        { type: 'User', qps: 4, burst: 5, cacheSize: 0 },
      ],
    }
    expect(
      admissionText(cluster({ eventRateLimit: { enabled: true, configuration } })),
    ).toContain(`    limits:
    - burst: 2
      cacheSize: 3
      qps: 1
      type: Namespace
    - burst: 5
      qps: 4
      type: User
`)
    const disabled = cluster({ eventRateLimit: { enabled: false, configuration } })
    expect(admissionText(disabled)).toBe(admissionText(cluster()))
  })

  it('writes an empty event rate limit as it was given', () => {
    const config = cluster({ eventRateLimit: { enabled: true, configuration: { limits: null } } })
    expect(admissionText(config)).toContain(
      '- configuration:\n    limits: null\n  name: EventRateLimit\n  path: ""\n',
    )
  })

  it("gives way to a file of the user's own", () => {
    const extraArgs = { 'admission-control-config-file': '/etc/own.yaml' }
    expect(admissionText(cluster({ extraArgs }))).toBeUndefined()
  })
})
