import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CliCluster } from '../../unit/cli/cli-cluster.ts'
import { ONE_NODE } from '../../unit/operations/clusters.ts'
import { makeFolder } from '../node/sshd.ts'
import { makeTestImage, removeTestImage, TEST_IMAGE } from '../node/test-image.ts'

const folder = makeFolder()
const at = (name: string): string => join(folder, name)
const FILES = ['cluster.yml', 'cluster.rkestate', 'kube_config_cluster.yml']
const FILE = '/work/cluster.yml'

/** What the program needs to run, at the same places in a container. */
const program = fileURLToPath(new URL('../../../', import.meta.url))
const read = ['/lib', '/lib64', '/usr', program, realpathSync(join(program, 'node_modules'))]

/** The program in a container into which each of its files is mounted by itself, so that none can be replaced. */
function rke(...args: string[]): string {
  const mounts = [
    ...read.map((path) => `${path}:${path}:ro`),
    ...FILES.map((name) => `${at(name)}:/work/${name}`),
  ]
  const run = ['run', '--rm', '--network', 'none', ...mounts.flatMap((mount) => ['-v', mount]), TEST_IMAGE]
  const call = [process.execPath, join(program, 'bin/rke.ts'), ...args]
  const { stderr, stdout } = spawnSync('docker', [...run, ...call], { encoding: 'utf8' })
  return stdout + stderr
}

/** What a file keeps. */
function identity(name: string): object {
  const { gid, ino, mode, uid } = statSync(at(name))
  return { gid, ino, mode, uid }
}

beforeAll(async () => {
  await makeTestImage()
  const made = await CliCluster.up(ONE_NODE)
  copyFileSync(made.path('cluster.rkestate'), at('cluster.rkestate'))
  await made.remove()
  writeFileSync(at('cluster.yml'), `${ONE_NODE}cluster_name: another\n`)
  writeFileSync(at('kube_config_cluster.yml'), '')
  for (const name of FILES) chmodSync(at(name), 0o640)
})
afterAll(removeTestImage)

test('files that are mounted by themselves are written in their place, with their inode, mode and owner', () => {
  const before = FILES.map(identity)
  expect(rke('up', '--init', '--config', FILE)).toContain('Updated the state file')
  expect(readFileSync(at('cluster.rkestate'), 'utf8')).toContain('"clusterName": "another"')
  expect(rke('util', 'get-kubeconfig', '--config', FILE)).toContain('kube_config_cluster.yml')
  expect(readFileSync(at('kube_config_cluster.yml'), 'utf8')).toContain('client-certificate-data')
  expect(rke('config', '--empty', '--name', FILE)).not.toContain('level=fatal')
  expect(readFileSync(at('cluster.yml'), 'utf8')).toContain('address: ""')
  expect(FILES.map(identity)).toEqual(before)
})
