import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import { RkeError } from '../../../src/errors.ts'
import { inParallel } from '../../../src/in-parallel.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'

const MIB = 1024 * 1024
/** Values at a time: etcd writes each to three disks. */
const PARALLEL = 4

/**
 * Writes that many MiB of values to etcd, as text of hexadecimal digits, which is as good to compress as what Kubernetes
 * stores. `address` is that of a member.
 */
export async function fillEtcd(
  address: string,
  mebibytes: number,
  bundle: CertificatesBundle,
): Promise<void> {
  const identity = bundle['kube-node']
  const agent = new Agent({
    keepAlive: true,
    ca: bundle['kube-ca']?.certificatePEM,
    cert: identity?.certificatePEM,
    key: identity?.keyPEM,
  })
  const keys = Array.from({ length: mebibytes }, (_, index) => `/bench/${index}`)
  await inParallel(keys, PARALLEL, (key) => put(agent, address, key, randomBytes(MIB / 2).toString('hex')))
  agent.destroy()
}

function put(agent: Agent, host: string, key: string, value: string): Promise<void> {
  const base64 = (plain: string): string => Buffer.from(plain).toString('base64')
  const body = JSON.stringify({ key: base64(key), value: base64(value) })
  return new Promise((resolve, reject) => {
    const asked = request(
      { agent, host, port: 2379, path: '/v3/kv/put', method: 'POST' },
      async (response) => {
        const answer = await text(response).catch(String)
        if (response.statusCode === 200) resolve()
        else reject(new RkeError(`etcd refused a value: ${answer}`, { host }))
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}
