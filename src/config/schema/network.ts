import { z } from 'zod'
import { type AciKey, aciKeys } from './aci-keys.ts'
import { always, integer, optionalText, ruled, text, textMap, texts } from './field-rules.ts'
import { tolerationSchema, updateStrategy } from './kubernetes-objects.ts'

/** `extern_dynamic` → `externDynamic`: how the state file spells most keys of cluster.yml. */
export function camelCase(snake: string): string {
  return snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function aciField({ kind, name }: AciKey) {
  const field =
    kind === 'texts'
      ? texts().optional()
      : kind === 'text-maps'
        ? z.array(textMap()).optional()
        : optionalText()
  return [camelCase(name), ruled(field, { yaml: name })] as const
}

export const aciNetworkProviderSchema = z.object(Object.fromEntries(aciKeys.map(aciField)))

const interfaceOnly = () => z.object({ iface: always(text()) }).optional()

/** The pod network. `options` is what the plugin's manifests are made from; the provider blocks are copied to it. */
export const networkSchema = z.object({
  plugin: text(),
  options: textMap(),
  /** 0: the plugin's own choice. */
  mtu: integer(),
  calicoNetworkProvider: z.object({ cloudProvider: always(text(), { yaml: 'cloudprovider' }) }).optional(),
  canalNetworkProvider: interfaceOnly(),
  flannelNetworkProvider: interfaceOnly(),
  weaveNetworkProvider: z.object({ password: optionalText() }).optional(),
  aciNetworkProvider: aciNetworkProviderSchema.optional(),
  nodeSelector: textMap(),
  updateStrategy: updateStrategy(),
  tolerations: z.array(tolerationSchema),
})
