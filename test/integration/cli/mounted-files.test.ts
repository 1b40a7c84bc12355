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
const FILE = '/cluster/cluster.yml'

/** What the program needs to run, at the same places in a container. */
const program = fileURLToPath(new URL('../../../', import.meta.url))
const read = ['/lib', '/lib64', '/usr', program, realpathSync(join(program, 'node_modules'))]

/** A call of Node in a container into which each of the files is mounted by itself, so that none can be replaced. */
function node(...args: string[]): string {
  const mounts = [
    ...read.map((path) => `${path}:${path}:ro`),
    ...FILES.map((name) => `${at(name)}:/cluster/${name}`),
  ]
  const run = ['run', '--rm', '--network', 'none', ...mounts.flatMap((mount) => ['-v', mount]), TEST_IMAGE]
  const { stderr, stdout } = spawnSync('docker', [...run, process.execPath, ...args], { encoding: 'utf8' })
  return stdout + stderr
}

const rke = (...args: string[]): string => node(join(program, 'bin/rke.ts'), ...args)

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

test('a state that is mounted by itself can be set aside and removed: empty, it is none', () => {
  const before = identity('cluster.rkestate')
  const script = `
    import { FileStateStore } from '${program}src/state/file-state-store.ts'
    const store = new FileStateStore('/cluster/cluster.rkestate')
    const { state } = await store.load()
    const name = await store.setAside(new Date(0))
    const said = [name, await store.load() === undefined]
    await store.save(state, undefined)
    said.push(await store.load() !== undefined)
    await store.remove()
    console.log(JSON.stringify([...said, await store.load() === undefined]))`
  const said = node('--input-type=module', '--eval', script)
  expect(said).toContain('["/cluster/cluster.rkestate.1970-01-01T00-00-00Z.bak",true,true,true]')
  expect(identity('cluster.rkestate')).toEqual(before)
  expect(readFileSync(at('cluster.rkestate'), 'utf8')).toBe('')
})
