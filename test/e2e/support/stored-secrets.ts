import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

interface Range {
  readonly kvs: readonly { readonly key: string; readonly value: string }[]
}

const PREFIX = /^k8s:enc:([a-z]+:v\d+:[^:]+):/

/** How each Secret, or other object, lies in etcd, by its key there: `aescbc:v1:NAME`, or `identity` where it is not encrypted. */
export async function storedSecrets(
  machine: Machine,
  resource = 'secrets',
): Promise<Readonly<Record<string, string>>> {
  const text = await shell(machine, `docker exec etcd etcdctl get /registry/${resource}/ --prefix -w json`)
  const { kvs }: Range = JSON.parse(text)
  const bytes = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1')
  return Object.fromEntries(
    kvs.map(({ key, value }) => [bytes(key), PREFIX.exec(bytes(value))?.[1] ?? 'identity']),
  )
}
