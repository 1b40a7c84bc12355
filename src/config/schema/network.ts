import { z } from 'zod'
import { networkPluginNames } from '../network-plugins/network-plugins.ts'
import { aciAbout } from './aci/aci-about.ts'
import { type AciKey, aciKeys, aciOption } from './aci/aci-keys.ts'
import { camelCase } from './reading/camel-case.ts'
import {
  always,
  integer,
  optionalText,
  ruled,
  secretText,
  text,
  textMap,
  texts,
} from './reading/field-rules.ts'
import { tolerations, updateStrategy } from './services/pod-settings.ts'

/** Keys of the ACI block that hold credentials. */
const aciSecrets = ['token', 'apic_user_key', 'kafka_client_key']

function aciField({ default: byDefault, kind, name }: AciKey) {
  const field =
    kind === 'texts'
      ? texts().optional()
      : kind === 'text-maps'
        ? z.array(textMap()).optional()
        : optionalText()
  return [
    camelCase(name),
    ruled(field, {
      yaml: name,
      about: aciAbout[name] ?? '',
      ...(byDefault === undefined ? {} : { default: byDefault }),
      ...(aciSecrets.includes(name) ? { secret: true } : {}),
    }),
  ] as const
}

export const aciNetworkProviderSchema = z.object(Object.fromEntries(aciKeys.map(aciField)))

const interfaceOnly = (plugin: string, option: string) =>
  ruled(
    z
      .object({
        iface: always(text(`Network interface of the nodes that ${plugin} uses; copied to \`${option}\`.`)),
      })
      .optional(),
    { about: `A setting of ${plugin}.`, unset: 'left-out' },
  )

/** The pod network. `options` is what the plugin's manifests are made from; the provider blocks are copied to it. */
export const networkSchema = z.object({
  plugin: text({
    about: 'The network plugin. With `none` you deploy one yourself.',
    default: 'canal',
    oneOf: networkPluginNames,
  }),
  options: textMap({
    about: 'Settings of the plugin, listed in [Network options](#network-options).',
    secretEntries: ['WeavePassword', ...aciSecrets.map(aciOption)],
  }),
  mtu: integer("Largest packet between pods; 0 is the plugin's own choice. Cannot be set for flannel."),
  calicoNetworkProvider: ruled(
    z
      .object({
        cloudProvider: always(
          text({ about: 'Copied to the option `calico_cloud_provider`.', default: { from: '`none`' } }),
          { yaml: 'cloudprovider' },
        ),
      })
      .optional(),
    { about: 'A setting of calico.', unset: 'left-out' },
  ),
  canalNetworkProvider: interfaceOnly('canal', 'canal_iface'),
  flannelNetworkProvider: interfaceOnly('flannel', 'flannel_iface'),
  weaveNetworkProvider: ruled(
    z.object({ password: secretText('Password that encrypts traffic between nodes.') }).optional(),
    { about: 'A setting of weave.', unset: 'left-out' },
  ),
  aciNetworkProvider: ruled(aciNetworkProviderSchema.optional(), {
    about: 'Settings of Cisco ACI; needed for that plugin.',
    unset: 'left-out',
  }),
  nodeSelector: textMap("Labels a node must have to run the plugin's deployments."),
  updateStrategy: updateStrategy('How pods of the plugin are replaced.', 'one at a time'),
  tolerations: tolerations('the deployments of calico and canal'),
})
