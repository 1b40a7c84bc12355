import { RkeError } from '../../../src/errors.ts'
import { exec, type Machine } from '../../testbed/index.ts'

/** A folder of the bench on each machine. */
const FOLDER = '/opt/bench'
const SSL = '/etc/kubernetes/ssl'

/**
 * `etcdctl snapshot save` and a copy of the file, on all machines at once, in the image of RKE's helper.
 * @returns milliseconds
 */
export function plainSave(machines: readonly Machine[]): Promise<number> {
  return onAll(machines, ({ address }) => {
    const identity = `--cacert ${SSL}/kube-ca.pem --cert ${SSL}/kube-node.pem --key ${SSL}/kube-node-key.pem`
    const save = etcdctl(`--endpoints=${address}:2379 ${identity} snapshot save ${FOLDER}/plain`)
    return `rm -rf ${FOLDER} && mkdir -p ${FOLDER} && ${save} && cp ${FOLDER}/plain ${FOLDER}/copy`
  })
}

/**
 * A copy of the file and `etcdctl snapshot restore` of it, on all machines at once; after `plainSave`.
 * @returns milliseconds
 */
export function plainRestore(machines: readonly Machine[]): Promise<number> {
  return onAll(machines, () => {
    const restore = etcdctl(`snapshot restore ${FOLDER}/copy --data-dir ${FOLDER}/restored`)
    return `rm -rf ${FOLDER}/restored && cp ${FOLDER}/plain ${FOLDER}/copy && ${restore} && rm -rf ${FOLDER}`
  })
}

const etcdctl = (words: string): string =>
  `docker run --rm --network host -v /etc/kubernetes:/etc/kubernetes -v ${FOLDER}:${FOLDER} ` +
  `"$(docker inspect -f '{{.Config.Image}}' etcd-rolling-snapshots)" etcdctl ${words}`

async function onAll(machines: readonly Machine[], command: (machine: Machine) => string): Promise<number> {
  const begun = performance.now()
  await Promise.all(
    machines.map(async (machine) => {
      const { code, stderr } = await exec(machine, command(machine))
      if (code !== 0) throw new RkeError(`plain etcdctl failed: ${stderr.trim()}`, { host: machine.address })
    }),
  )
  return performance.now() - begun
}
