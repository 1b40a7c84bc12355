import type { CloudProviderConfig } from '../../../config/cluster-config.ts'

type Vsphere = NonNullable<CloudProviderConfig['vsphereCloudProvider']>
type Value = string | number | boolean | undefined

const INDENT = ' '.repeat(8)

/**
 * The vSphere provider's own INI dialect: values in quotes and never escaped, every line begun (not ended) by its
 * line break.
 */
export function vsphereText(vsphere: Vsphere): string {
  const { global, virtualCenter, workspace, disk, network } = vsphere
  return [
    '\n[Global]',
    ...[
      always('user', global.user),
      always('password', global.password),
      given('server', global.server),
      given('port', global.port),
      always('insecure-flag', global['insecure-flag'] ?? false),
      given('datacenters', global.datacenters),
      given('datacenter', global.datacenter),
      given('datastore', global.datastore),
      given('working-dir', global['working-dir']),
      always('soap-roundtrip-count', global['soap-roundtrip-count'] ?? 0),
      given('vm-uuid', global['vm-uuid']),
      given('vm-name', global['vm-name']),
    ].map(onLine('')),
    '\n\n',
    ...Object.entries(virtualCenter ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, center]) => [
        `\n[VirtualCenter "${name}"]`,
        ...[
          always('user', center.user),
          always('password', center.password),
          given('port', center.port),
          given('datacenters', center.datacenters),
          always('soap-roundtrip-count', center['soap-roundtrip-count'] ?? 0),
        ].map(onLine(INDENT)),
      ]),
    '\n\n[Workspace]',
    ...(['server', 'datacenter', 'folder', 'default-datastore', 'resourcepool-path'] as const)
      .map((key) => always(key, workspace[key]))
      .map(onLine(INDENT)),
    '\n\n[Disk]',
    onLine(INDENT)(disk.scsicontrollertype ? `scsicontrollertype = ${disk.scsicontrollertype}` : ''),
    '\n\n[Network]',
    onLine(INDENT)(given('public-network', network['public-network'])),
    '\n',
  ].join('')
}

const always = (key: string, value: Value): string => `${key} = "${value ?? ''}"`
const given = (key: string, value: Value): string => (value ? always(key, value) : '')
const onLine =
  (indent: string) =>
  (text: string): string =>
    text === '' ? '' : `\n${indent}${text}`
