import { readFile } from 'node:fs/promises'
import type { ClusterConfig } from '../../../src/config/cluster-config.ts'
import { certificateFiles } from '../../../src/pki/distribution/shipping.ts'
import type { CertificatesBundle } from '../../../src/pki/encoding/certificate-entry.ts'
import { parseState, serialiseState } from '../../../src/state/state-json.ts'
import { type ExpiredOptions, expiredState, stateWithOldAuthorities } from '../../sim/old-certificates.ts'
import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'
import type { Workspace } from './workspace.ts'

const STATE = 'cluster.rkestate'
const SERVICES = 'etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy'

/** Puts a state with authorities of the past in the place of none. */
export async function beginWithOldAuthorities(workspace: Workspace, config: ClusterConfig): Promise<void> {
  await workspace.write(STATE, serialiseState(await stateWithOldAuthorities(config)))
}

/**
 * Lets the certificates of a cluster have ended, in the state and on its machines; then everything is started again, as after a
 * power cut.
 */
export async function expire(
  workspace: Workspace,
  machines: readonly Machine[],
  what: ExpiredOptions,
): Promise<void> {
  const state = parseState(await readFile(workspace.path(STATE), 'utf8'), STATE)
  const { rkeConfig } = state.currentState
  if (rkeConfig === undefined) throw new TypeError('the cluster was not built')
  const { bundle, ...expired } = await expiredState(state, what)
  await workspace.write(STATE, serialiseState(expired))
  await workspace.write('kube_config_cluster.yml', bundle['kube-admin']?.config ?? '')
  await Promise.all(
    machines.map(async (machine) => {
      await putCertificates(machine, rkeConfig, bundle)
      await shell(machine, `docker restart --time 2 ${SERVICES} >/dev/null`)
    }),
  )
}

/** Writes the files of a node that hold certificates and keys, all of them, as RKE does with those of a rotation. */
export async function putCertificates(
  machine: Machine,
  config: ClusterConfig,
  bundle: CertificatesBundle,
): Promise<void> {
  const node = config.nodes.find(({ address }) => address === machine.address)
  if (node === undefined) throw new TypeError(`${machine.address} is no node`)
  const files = certificateFiles({ node, nodes: config.nodes, bundle, services: config.services })
  const writes = files.map(
    ({ path, content }) => `echo ${Buffer.from(content.reveal()).toString('base64')} | base64 -d > ${path}`,
  )
  await shell(machine, writes.join('\n'))
}
