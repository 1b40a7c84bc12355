import type { Machine } from '../../testbed/index.ts'
import { etcdctl, FOLDER, IDENTITY, onAll } from './on-machines.ts'

/**
 * `etcdctl snapshot save` and a copy of the file, on all machines at once, in the image of RKE's helper.
 * @returns milliseconds
 */
export function plainSave(machines: readonly Machine[]): Promise<number> {
  return onAll(machines, ({ address }) => {
    const save = etcdctl(`--endpoints=${address}:2379 ${IDENTITY} snapshot save ${FOLDER}/plain`)
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
