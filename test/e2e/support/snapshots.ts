import type { Machine } from '../../testbed/index.ts'
import { linesOf, shell } from './machine-shell.ts'
import { lastLines } from './rke-process.ts'
import type { Workspace } from './workspace.ts'

/** The `result` line of `rke etcd snapshot-save --output json`. */
export interface SaveReport {
  readonly name: string
  readonly saved: readonly {
    readonly node: string
    readonly file: string
    readonly bytes: number
    readonly databaseBytes: number
    readonly hash: string
    readonly revision?: number
    readonly keys?: number
    readonly kubernetesVersion?: string
    readonly freeBytes: number
  }[]
  readonly missing: readonly { readonly node: string; readonly why: string }[]
  readonly copy?: { readonly bucket: string; readonly key: string; readonly failed: readonly unknown[] }
}

const FOLDER = '/opt/rke/etcd-snapshots'

/** Saves a snapshot, which must succeed, and answers what is reported of it. */
export async function save(
  workspace: Workspace,
  name: string,
  ...args: readonly string[]
): Promise<SaveReport> {
  const result = await workspace.rke(['etcd', 'snapshot-save', '--name', name, '--output', 'json', ...args])
  const report = result.stdout.split('\n').find((line) => line.startsWith('{"type":"result"'))
  if (result.exitCode !== 0 || report === undefined) {
    throw new TypeError(`snapshot-save ended with ${result.exitCode}:\n${lastLines(result)}`)
  }
  return JSON.parse(report)
}

/** Names of the files in the snapshot folder of a machine. */
export const snapshotFiles = (machine: Machine): Promise<readonly string[]> =>
  linesOf(machine, `ls ${FOLDER}`)

/** The state that RKE's own helper finds in an archive: what `extractstatefile` of the image of recurring snapshots gives. */
export async function stateByHelper(machine: Machine, name: string): Promise<string> {
  const image = (await shell(machine, "docker inspect -f '{{.Config.Image}}' etcd-rolling-snapshots")).trim()
  await shell(
    machine,
    `docker run --name extract --net host -v ${FOLDER}/:/backup ${image} /opt/rke-tools/rke-etcd-backup etcd-backup extractstatefile --name ${name}`,
  )
  const state = await shell(
    machine,
    'docker cp extract:/tmp/cluster.rkestate /tmp/extracted && cat /tmp/extracted',
  )
  await shell(machine, 'docker rm extract; rm /tmp/extracted')
  return state
}
