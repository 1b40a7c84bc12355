import { expect, test } from 'vitest'
import { removeFiles } from '../../../src/node/files/remove-files.ts'
import { setAccess } from '../../../src/node/files/set-access.ts'
import { runOnEtcdData } from '../../../src/node/snapshots/run-on-etcd-data.ts'
import { FakeNode } from '../fakes/fake-node.ts'

const image = 'rancher/rke-tools:v1'
const folder = '/var/lib/etcd'
const { signal } = new AbortController()
const onData = { helper: 'etcd-data', image, directory: folder, script: 'true', signal }

test.each([
  [
    'sets modes',
    (node: FakeNode) =>
      setAccess(node, [{ path: folder, mode: 0o700 }], { helper: 'etcd-fix-perm', image, folder }),
    'label=disable',
  ],
  [
    'removes files',
    (node: FakeNode) => removeFiles(node, [`${folder}/old`], { image, folder }),
    'label=disable',
  ],
  [
    'works on data of etcd without the SELinux type',
    (node: FakeNode) => runOnEtcdData(node, { ...onData, selinux: false }),
    'label=disable',
  ],
  [
    'works on data of etcd with the SELinux type',
    (node: FakeNode) => runOnEtcdData(node, { ...onData, selinux: true }),
    'label=type:rke_container_t',
  ],
])('a helper that %s can use a folder that SELinux keeps from containers', async (_, run, option) => {
  const node = new FakeNode('10.0.0.1')
  node.docker.addImage(image)
  await run(node)
  const create = node.docker.calls.find(({ name }) => name === 'createContainer')
  expect(create?.args[1]).toMatchObject({ HostConfig: { SecurityOpt: [option] } })
})
