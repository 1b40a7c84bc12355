import { readYaml } from '../../config/yaml/read-yaml.ts'
import { PkiError } from '../../errors.ts'
import { Secret } from '../../secret.ts'

/** How an administrator's kubeconfig leads to an API server. */
export interface KubeconfigAccess {
  /** Without brackets around an IPv6 address. */
  readonly host: string
  readonly port: number
  readonly ca: string
  readonly cert: string
  readonly key: Secret<string>
}

/**
 * Reads the current context of a kubeconfig with certificates in it, the kind that this program writes. `where`
 * names the file in errors.
 * @throws PkiError if it is none.
 */
export function readKubeconfig(text: string, where: string): KubeconfigAccess {
  const config = parse(text, where)
  const context = field(named(config, 'contexts', field(config, 'current-context')), 'context')
  const cluster = field(named(config, 'clusters', field(context, 'cluster')), 'cluster')
  const user = field(named(config, 'users', field(context, 'user')), 'user')
  const server = field(cluster, 'server')
  if (typeof server !== 'string' || !URL.canParse(server)) throw unusable(where, 'it names no server')
  const url = new URL(server)
  const pem = (of: unknown, key: string): string => {
    const data = field(of, key)
    if (typeof data !== 'string' || data === '') throw unusable(where, `there is no ${key} in it`)
    return Buffer.from(data, 'base64').toString('utf8')
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || '443'),
    ca: pem(cluster, 'certificate-authority-data'),
    cert: pem(user, 'client-certificate-data'),
    key: new Secret(pem(user, 'client-key-data')),
  }
}

function parse(text: string, where: string): unknown {
  try {
    return readYaml(text)
  } catch {
    // The parser's own message quotes the text, which holds a key.
    throw unusable(where, 'it is not YAML')
  }
}

function named(config: unknown, list: string, name: unknown): unknown {
  const entries = field(config, list)
  return Array.isArray(entries) ? entries.find((entry) => field(entry, 'name') === name) : undefined
}

function field(of: unknown, key: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, key) ? Reflect.get(of, key) : undefined
}

function unusable(where: string, reason: string): PkiError {
  return new PkiError(`the kubeconfig ${where} cannot be used: ${reason}`, {
    hint: '"rke util get-kubeconfig" writes it anew from the state file',
  })
}
