import { type PluginSocket, pluginSockets, unseenSockets } from '../../desired/encryption/plugin-sockets.ts'
import { kmsPlugins } from '../../desired/encryption/read-providers.ts'
import { PlanRefusedError } from '../../errors.ts'

/** Refuses to go from one provider file to another, with both of them in one in between, if that would not work. */
export function refuseOtherPlugin(current: string, wanted: string): void {
  const plugins = [...kmsPlugins(current), ...kmsPlugins(wanted)]
  const ambiguous = plugins.find((plugin) =>
    plugins.some(
      (other) =>
        other.name === plugin.name &&
        (other.endpoint !== plugin.endpoint || (other.apiVersion || 'v1') !== (plugin.apiVersion || 'v1')),
    ),
  )
  if (ambiguous === undefined) return
  throw refused(
    `secrets_encryption_config gives the kms plugin ${ambiguous.name} other settings, and Kubernetes identifies plugins by name`,
    'give the plugin with the new settings another name',
  )
}

/**
 * Refuses a provider file, of the user's own or one of those in between, that names a kms v2 plugin twice: no API server would start
 * with it (`k8s.io/apiserver/pkg/apis/apiserver/validation`).
 * @param wanted the one of the user's own
 * @param texts all that API servers would get
 */
export function refuseRepeatedPlugin(wanted: string, texts: readonly string[]): void {
  const own = repeatedPlugin(wanted)
  if (own !== undefined) {
    throw refused(
      `secrets_encryption_config names the kms plugin ${own} twice, and API servers do not start with that`,
      'name it once, with all resources together in one list, or give each place a plugin of its own name',
    )
  }
  const between = texts.map(repeatedPlugin).find((name) => name !== undefined)
  if (between === undefined) return
  throw refused(
    `secrets_encryption_config takes the kms plugin ${between} from some resources and not from others: API servers do not start with ` +
      'a file that names it twice, as it would have to be meanwhile',
    'go another way: first encrypt all of these resources with a key (aescbc, secretbox) and run "rke up", then change the plugins',
  )
}

/**
 * Refuses a kms plugin whose socket API servers would not see.
 * @param texts all that API servers with these binds would get
 */
export function refuseUnseenPlugin(texts: readonly string[], binds: readonly string[]): void {
  const [unseen]: readonly PluginSocket[] = unseenSockets(texts.flatMap(pluginSockets), binds)
  if (unseen === undefined) return
  const folder = unseen.path.replace(/\/[^/]*$/, '') || '/'
  throw refused(
    `API servers need the kms plugin ${unseen.name} for secrets_encryption_config, and its socket ${unseen.path} is in no folder that they have`,
    `bind its folder to them: extra_binds: ["${folder}:${folder}"] of services.kube-api; that of a plugin which goes is needed until this run is done`,
  )
}

function repeatedPlugin(text: string): string | undefined {
  const names = kmsPlugins(text).flatMap(({ name, apiVersion }) => (apiVersion === 'v2' ? [name] : []))
  return names.find((name, index) => names.indexOf(name) !== index)
}

function refused(message: string, hint: string): PlanRefusedError {
  return new PlanRefusedError(message, {
    step: 'plan',
    hint,
    untouched: true,
    key: ['services', 'kubeApi', 'secretsEncryptionConfig'],
  })
}
