import type { Machine } from '../../testbed/index.ts'
import { run } from '../../testbed/run.ts'
import { etcdctl, FOLDER, IDENTITY, inHelper, onAll } from './on-machines.ts'

/** The database in the archive, unpacked with a comparison of its checksum. */
const UNZIP = 'busybox unzip -p /backup/packed.zip'

/**
 * A snapshot as RKE's form wants it, and no tool around it: RKE's helper saves and packs on all machines at once; then each
 * archive is unpacked and summed up, which is the least that a check of it takes.
 * @returns milliseconds
 */
export function packedSave(machines: readonly Machine[]): Promise<number> {
  return onAll(machines, ({ address }) => {
    const helper = '/opt/rke-tools/rke-etcd-backup etcd-backup save --once --name packed'
    const save = inHelper(`${helper} ${IDENTITY} --endpoints=${address}:2379`)
    return `rm -rf ${FOLDER} && mkdir -p ${FOLDER} && ${save} && ${inHelper(`sh -c '${UNZIP} | sha256sum'`)}`
  })
}

/**
 * The archive of the first machine is checked, copied to all others at once, unpacked and restored on each; after `packedSave`.
 * @returns milliseconds
 */
export async function packedRestore(machines: readonly Machine[]): Promise<number> {
  const [source, ...others] = machines
  if (source === undefined) return 0
  const archive = `${FOLDER}/packed.zip`
  const check = await onAll([source], () => inHelper(`sh -c '${UNZIP} | sha256sum'`))
  const begun = performance.now()
  const targets = others.map((machine) => `>(${ssh(machine)} 'cat >${archive}')`).join(' ')
  await run('bash', ['-c', `set -o pipefail; ${ssh(source)} 'cat ${archive}' | tee ${targets} >/dev/null`])
  const copy = performance.now() - begun
  const restore = await onAll(machines, () => {
    const unzip = inHelper(`sh -c '${UNZIP} >/backup/plain'`)
    return `${unzip} && ${etcdctl(`snapshot restore ${FOLDER}/plain --data-dir ${FOLDER}/restored`)} && rm -rf ${FOLDER}`
  })
  return check + copy + restore
}

const ssh = ({ address, keyPath, sshPort }: Machine): string =>
  `ssh -q -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i ${keyPath} -p ${sshPort} root@${address}`
