import { RkeError } from '../../../src/errors.ts'
import { exec, type Machine } from '../../testbed/index.ts'

/** A folder of the bench on each machine. */
export const FOLDER = '/opt/bench'
const SSL = '/etc/kubernetes/ssl'

/** Flags of etcdctl and of RKE's helper. */
export const IDENTITY = `--cacert ${SSL}/kube-ca.pem --cert ${SSL}/kube-node.pem --key ${SSL}/kube-node-key.pem`

/** A command line that runs words of the shell in the image of RKE's helper, which sees the folder as its own `/backup`, too. */
export const inHelper = (words: string): string =>
  `docker run --rm --network host -v /etc/kubernetes:/etc/kubernetes -v ${FOLDER}:${FOLDER} -v ${FOLDER}:/backup ` +
  `"$(docker inspect -f '{{.Config.Image}}' etcd-rolling-snapshots)" ${words}`

export const etcdctl = (words: string): string => inHelper(`etcdctl ${words}`)

/**
 * Runs a command on all machines at once.
 * @returns milliseconds
 */
export async function onAll(
  machines: readonly Machine[],
  command: (machine: Machine) => string,
): Promise<number> {
  const begun = performance.now()
  await Promise.all(
    machines.map(async (machine) => {
      const { code, stderr } = await exec(machine, command(machine))
      if (code !== 0) throw new RkeError(`a command failed: ${stderr.trim()}`, { host: machine.address })
    }),
  )
  return performance.now() - begun
}
