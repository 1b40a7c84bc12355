import { toRkeError } from '../errors.ts'
import type { Node } from '../node/node.ts'
import { readServedCertificate } from '../node/transport/read-served-certificate.ts'
import type { FoundOnNode, ServedCertificate, ServingPort } from '../pki/check/found-certificates.ts'
import type { Secret } from '../secret.ts'
import type { Time } from '../time.ts'

/** A component on a busy machine answers within this time. */
const LIMIT_MS = 5_000

/** What is asked of a node. */
export interface CertificateQuestions {
  readonly ports: readonly ServingPort[]
  /** The client that etcd is asked as, so that it does not log one without a certificate. */
  readonly client: { readonly cert: string; readonly key: Secret<string> } | undefined
  readonly files: () => Promise<FoundOnNode['files']>
  readonly signal: AbortSignal
  readonly time?: Time | undefined
}

/** The certificates that a node has as files, and those that its components serve. Changes nothing on it. */
export async function observeCertificates(
  node: Node,
  { ports, client, files, signal, time }: CertificateQuestions,
): Promise<FoundOnNode> {
  const ask = async (port: ServingPort): Promise<ServedCertificate> => {
    const identity = port.component === 'etcd' ? client : undefined
    const { host, port: number } = port
    try {
      const limits = { timeoutMs: LIMIT_MS, signal, time }
      return {
        ...port,
        pem: await readServedCertificate(node, { host, port: number, ...identity, ...limits }),
      }
    } catch (thrown) {
      signal.throwIfAborted()
      return { ...port, failure: toRkeError(thrown).message }
    }
  }
  const [found, served] = await Promise.all([files(), Promise.all(ports.map(ask))])
  return { node: node.address, files: found, served }
}
