import { expect, test } from 'vitest'
import type { WantedFile } from '../../../src/node/files/node-file.ts'
import { readFiles } from '../../../src/node/files/read-files.ts'
import { removeFiles } from '../../../src/node/files/remove-files.ts'
import { uploadFiles } from '../../../src/node/files/upload.ts'
import { Secret } from '../../../src/secret.ts'
import { FakeNode } from '../fakes/fake-node.ts'

const IMAGE = 'rancher/rke-tools:v1'
const FOLDER = '/opt/rke/etc/kubernetes'

function machine(): FakeNode {
  const node = new FakeNode('10.0.0.1')
  node.docker.addImage(IMAGE)
  return node
}

function file(path: string, content: string, more: Partial<WantedFile> = {}): WantedFile {
  return { path: `${FOLDER}/${path}`, mode: 0o600, content: new Secret(content), ...more }
}

test('all files of a node are written with one upload, and no container is started', async () => {
  const node = machine()
  const files = [
    file('ssl/kube-ca.pem', 'ca', { mode: 0o644 }),
    file('ssl/kube-etcd.pem', 'etcd', { uid: 52034, gid: 52034 }),
    file('audit-policy.yaml', 'policy'),
  ]
  await uploadFiles(node, files, { image: IMAGE, folder: FOLDER })
  expect(Object.fromEntries(node.docker.files)).toEqual({
    [`${FOLDER}/ssl/kube-ca.pem`]: { mode: 0o644, uid: 0, gid: 0, content: 'ca' },
    [`${FOLDER}/ssl/kube-etcd.pem`]: { mode: 0o600, uid: 52034, gid: 52034, content: 'etcd' },
    [`${FOLDER}/audit-policy.yaml`]: { mode: 0o600, uid: 0, gid: 0, content: 'policy' },
  })
  expect(node.docker.calls.filter(({ name }) => name === 'putArchive')).toHaveLength(1)
  expect(node.docker.calls.filter(({ name }) => name === 'startContainer')).toEqual([])
  expect(node.docker.containers.size).toBe(0)
})

test('without files nothing is done on the node', async () => {
  const node = machine()
  await uploadFiles(node, [], { image: IMAGE, folder: FOLDER })
  expect(node.docker.calls).toEqual([])
})

test('the helper is removed also when the upload fails', async () => {
  const node = machine()
  node.docker.beforeCall = (name) => {
    if (name === 'putArchive') throw new Error('broken pipe')
  }
  await expect(uploadFiles(node, [file('a', 'b')], { image: IMAGE, folder: FOLDER })).rejects.toThrow(
    'broken pipe',
  )
  expect(node.docker.containers.size).toBe(0)
})

test('a helper that an earlier run or RKE itself left is no obstacle', async () => {
  const node = machine()
  node.docker.addContainer('file-deployer', { Image: IMAGE })
  await uploadFiles(node, [file('a', 'b')], { image: IMAGE, folder: FOLDER })
  expect(node.docker.files.get(`${FOLDER}/a`)?.content).toBe('b')
})

test('what was uploaded is read back, with modes and owners', async () => {
  const node = machine()
  const wanted = file('ssl/kube-node.pem', 'certificate', { uid: 5, gid: 6 })
  await uploadFiles(node, [wanted], { image: IMAGE, folder: FOLDER })
  const found = await readFiles(node, FOLDER, { image: IMAGE })
  expect([...found.keys()]).toEqual([wanted.path])
  expect(found.get(wanted.path)).toMatchObject({ mode: 0o600, uid: 5, gid: 6 })
  expect(found.get(wanted.path)?.content.reveal().toString()).toBe('certificate')
})

test('files are read through a container that is there, without making one', async () => {
  const node = machine()
  node.docker.addContainer('kube-proxy', {
    Image: IMAGE,
    HostConfig: { Binds: [`${FOLDER}:/etc/kubernetes`] },
  })
  node.docker.files.set(`${FOLDER}/ssl/a.pem`, { mode: 0o600, uid: 0, gid: 0, content: 'a' })
  const through = { container: 'kube-proxy', path: '/etc/kubernetes' }
  const found = await readFiles(node, FOLDER, { image: IMAGE, through })
  expect(found.get(`${FOLDER}/ssl/a.pem`)?.content.reveal().toString()).toBe('a')
  expect(node.docker.changes).toEqual([])
})

test('files are removed by a short helper container below their own folder', async () => {
  const node = machine()
  let command: readonly string[] = []
  node.docker.onStart = ({ spec }) => {
    command = [...(spec.Entrypoint ?? []), ...(spec.Cmd ?? [])]
    return { exitCode: 0 }
  }
  await removeFiles(node, [`${FOLDER}/ssl/encryption.yaml`], { image: IMAGE, folder: FOLDER })
  expect(command).toEqual(['rm', '-f', '/remove/ssl/encryption.yaml'])
  expect(node.docker.containers.size).toBe(0)
})
