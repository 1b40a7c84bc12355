import type { Machine } from '../../testbed/index.ts'
import { shell } from './machine-shell.ts'

const SSL = '/etc/kubernetes/ssl'

/**
 * Saves a snapshot on an etcd node as `rke etcd snapshot-save` of RKE 1.6.3 does: the state file beside the certificates, then the
 * helper's container, to the letter.
 */
export async function saveAsRke(machine: Machine, name: string, state: string): Promise<void> {
  const file = `/etc/kubernetes/${name}.rkestate`
  const encoded = Buffer.from(state).toString('base64')
  // In pieces: one argument of a command has its limit.
  for (const piece of encoded.match(/.{1,60000}/g) ?? []) {
    await shell(machine, `echo ${piece} >>/tmp/state.base64`)
  }
  await shell(machine, `base64 -d /tmp/state.base64 >${file} && chmod 0400 ${file} && rm /tmp/state.base64`)
  const command = [
    '/opt/rke-tools/rke-etcd-backup etcd-backup save',
    `--cacert ${SSL}/kube-ca.pem --cert ${SSL}/kube-node.pem --key ${SSL}/kube-node-key.pem`,
    `--name ${name} --endpoints=${machine.address}:2379 --once`,
  ]
  const container = [
    'docker run --rm --name etcd-snapshot-once --network host',
    '-v /opt/rke/etcd-snapshots/:/backup -v /etc/kubernetes:/etc/kubernetes',
    'rancher/rke-tools:v0.1.103',
  ]
  await shell(machine, [...container, ...command].join(' '))
}
