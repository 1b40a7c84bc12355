import { describe, expect, it } from 'vitest'
import type { CloudProviderConfig } from '../../../../src/config/cluster-config.ts'
import {
  awsCloudProviderSchema,
  azureCloudProviderSchema,
  openstackCloudProviderSchema,
  vsphereCloudProviderSchema,
} from '../../../../src/config/schema/cloud-provider.ts'
import { zeroOf } from '../../../../src/config/schema/reading/schema-view.ts'
import { cloudConfigText, effectiveProviderName } from '../../../../src/desired/files/cloud-config.ts'
import { md5 } from '../../../../src/desired/files/md5.ts'
import { ConfigError } from '../../../../src/errors.ts'
import { cluster } from './cluster.ts'

const aws = awsCloudProviderSchema.parse({
  ...(zeroOf(awsCloudProviderSchema) as object),
  serviceOverride: {},
})
const azure = azureCloudProviderSchema.parse(zeroOf(azureCloudProviderSchema))
const openstack = openstackCloudProviderSchema.parse({
  ...(zeroOf(openstackCloudProviderSchema) as object),
})
const vsphere = vsphereCloudProviderSchema.parse({
  ...(zeroOf(vsphereCloudProviderSchema) as object),
  virtualCenter: {},
})
const text = (cloudProvider: CloudProviderConfig) => cloudConfigText(cluster({}, { cloudProvider }))

describe('which provider', () => {
  it.each<[CloudProviderConfig, string, string | undefined]>([
    [{}, '', undefined],
    [{ name: 'external' }, 'external', ''],
    [{ name: 'external-aws' }, 'external-aws', ''],
    [{ name: 'aws' }, 'aws', ''],
    [{ name: 'external-aws', awsCloudProvider: aws }, 'aws', '[Global]\n\n'],
    [{ harvesterCloudProvider: { cloudConfig: 'h' } }, 'external', 'h'],
    [{ name: 'mine', customCloudProvider: 'c' }, 'mine', 'c'],
    [{ name: 'mine', awsCloudProvider: aws, customCloudProvider: 'c' }, 'mine', 'c'],
  ])('%j is called %j and has the file %j', (cloud, name, file) => {
    expect(effectiveProviderName(cloud)).toBe(name)
    expect(text(cloud)).toBe(file)
  })

  it.each(['azure', 'openstack', 'vsphere', 'harvester'])('%s needs its block', (name) => {
    expect(() => text({ name })).toThrow(ConfigError)
    expect(() => text({ name })).toThrow(`cloud_provider.${name}CloudProvider is missing`)
  })

  it('custom needs a name', () => {
    expect(() => text({ customCloudProvider: 'c' })).toThrow('cloud_provider.name is missing')
  })
})

describe('AWS', () => {
  it('has its section even when that is empty', () => {
    expect(md5(text({ awsCloudProvider: aws }) ?? '')).toBe('6b3ae7041eee769322e929bdd278031c')
  })

  it('aligns the values of the keys that are set', () => {
    const global = { ...aws.global, zone: 'eu-west-1a', 'disable-security-group-ingress': true }
    expect(text({ awsCloudProvider: { ...aws, global } })).toBe(
      '[Global]\nZone                        = eu-west-1a\nDisableSecurityGroupIngress = true\n\n',
    )
  })

  it('puts in quotes only what would break its line', () => {
    const global = { ...aws.global, zone: ' a "b" ;#', vpc: 'a`b', 'role-arn': 'a\nb' }
    expect(text({ awsCloudProvider: { ...aws, global } })).toBe(
      '[Global]\nZone    =  a "b" ;#\nVPC     = """a`b"""\nRoleARN = """a\nb"""\n\n',
    )
  })

  it('refuses a service override instead of leaving it out', () => {
    const override = { service: 's3', region: '', url: '', 'signing-region': '', 'signing-method': '' }
    const serviceOverride = { a: { ...override, 'signing-name': '' } }
    expect(() => text({ awsCloudProvider: { ...aws, serviceOverride } })).toThrow(ConfigError)
  })
})

describe('OpenStack', () => {
  it('has every section, and of their keys those that are set', () => {
    const block = {
      ...openstack,
      global: { ...openstack.global, 'auth-url': 'https://k:5000/v3', username: 'u', password: 'p#;' },
      loadBalancer: { ...openstack.loadBalancer, 'use-octavia': true, 'monitor-max-retries': 3 },
    }
    expect(text({ openstackCloudProvider: block })).toBe(`[Global]
auth-url = https://k:5000/v3
username = u
password = p#;

[LoadBalancer]
use-octavia         = true
monitor-max-retries = 3

[BlockStorage]

[Route]

[Metadata]

`)
  })
})

describe('Azure', () => {
  it('has every field, an empty line before each', () => {
    const lines = text({ azureCloudProvider: azure })?.split('\n\n') ?? []
    expect(lines[0]).toBe('{')
    expect(lines.slice(1)).toHaveLength(28)
    expect(lines[1]).toBe('"cloud": "",')
    expect(lines.at(-2)).toBe('"useManagedIdentityExtension": false,')
    expect(lines.at(-1)).toBe('"maximumLoadBalancerRuleCount": 0\n}')
  })

  it('has optional fields where they are set, a switch also when it is off', () => {
    const block = { ...azure, tags: 'a=<b>&c', loadBalancerSku: '', excludeMasterFromStandardLB: false }
    const file = text({ azureCloudProvider: block }) ?? ''
    expect(file).toContain('"excludeMasterFromStandardLB": false,\n\n"tags": "a=\\u003cb\\u003e\\u0026c"\n}')
    expect(file).not.toContain('loadBalancerSku')
    expect(JSON.parse(file)).toMatchObject({ tags: 'a=<b>&c' })
  })
})

describe('vSphere', () => {
  it('has all blocks even when they are empty', () => {
    const block = { ...vsphere, global: { ...vsphere.global, user: 'u', password: 'p' } }
    const file = text({ vsphereCloudProvider: block }) ?? ''
    expect(md5(file)).toBe('5dceac6965cf5b9c497d8cba23ab984d')
  })

  it('lists virtual centers by name, and quotes values without escaping them', () => {
    const center = { user: 'D\\u', password: 'a"b', 'soap-roundtrip-count': 0 }
    const block = {
      global: {
        user: '',
        server: 's',
        port: '443',
        'insecure-flag': true,
        datacenter: 'd',
        'working-dir': 'w',
        'soap-roundtrip-count': 5,
        'vm-uuid': 'x',
      },
      virtualCenter: { b: center, a: { ...center, port: '8443', datacenters: 'd1,d2' } },
      network: { 'public-network': 'VM Network' },
      disk: { scsicontrollertype: 'pvscsi' },
      workspace: { server: 's', datacenter: 'd', folder: 'f', 'default-datastore': 'ds' },
    }
    expect(text({ vsphereCloudProvider: block })).toBe(`
[Global]
user = ""
password = ""
server = "s"
port = "443"
insecure-flag = "true"
datacenter = "d"
working-dir = "w"
soap-roundtrip-count = "5"
vm-uuid = "x"


[VirtualCenter "a"]
        user = "D\\u"
        password = "a"b"
        port = "8443"
        datacenters = "d1,d2"
        soap-roundtrip-count = "0"
[VirtualCenter "b"]
        user = "D\\u"
        password = "a"b"
        soap-roundtrip-count = "0"

[Workspace]
        server = "s"
        datacenter = "d"
        folder = "f"
        default-datastore = "ds"
        resourcepool-path = ""

[Disk]
        scsicontrollertype = pvscsi

[Network]
        public-network = "VM Network"
`)
  })
})
