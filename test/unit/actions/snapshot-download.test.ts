import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { snapshotDownload } from '../../../src/actions/snapshots/snapshot-download.ts'
import { withBucket } from '../../../src/config/snapshot-bucket.ts'
import { etcdDownloadBackup } from '../../../src/desired/services/etcd-download-backup.ts'
import { SnapshotError } from '../../../src/errors.ts'
import type { CreateRequest } from '../../../src/node/docker/docker-types.ts'
import type { SnapshotDownload } from '../../../src/plan/action/snapshots.ts'
import { concealEnvironment } from '../../../src/plan/model/conceal-environment.ts'
import type { Time } from '../../../src/time.ts'
import { load, oneNode } from '../config/one-node.ts'
import type { FakeOutcome } from '../fakes/fake-container.ts'
import { bench } from './support.ts'

const NODE = '10.0.0.1'
const config = withBucket(load(oneNode('services: {etcd: {extra_env: ["HTTPS_PROXY=http://p:1"]}}')).config, {
  endpoint: 's3.example.net',
  bucketName: 'backups',
  region: '',
  folder: 'prod',
  customCa: 'PEM',
  accessKey: 'AK',
  secretKey: 'SK',
})
const action: SnapshotDownload = {
  kind: 'snapshot.download',
  id: 'node/10.0.0.1/snapshot/download',
  node: NODE,
  snapshot: 'before-upgrade',
  container: etcdDownloadBackup({
    config,
    image: 'rancher/rke-tools:v1',
    prefix: '/pre',
    name: 'before-upgrade',
  }),
  timeout: 300,
  because: [],
  after: [],
}

/** Runs it with helpers that end in these ways, one after the other. */
async function download(...outcomes: readonly FakeOutcome[]) {
  const { context, node, progress } = bench(NODE)
  const { docker } = node(NODE)
  docker.addImage('rancher/rke-tools:v1')
  const started: CreateRequest[] = []
  const paused: number[] = []
  docker.onStart = ({ spec }) => {
    started.push(spec)
    return outcomes[started.length - 1]
  }
  const time: Time = {
    pause: async (ms) => {
      paused.push(ms)
    },
    limit: () => new AbortController().signal,
  }
  const running = snapshotDownload.run(action, { ...context, time })
  const failure = await running.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { failure, started, paused, progress, left: [...docker.containers.keys()] }
}

const failing: FakeOutcome = {
  exitCode: 1,
  stderr: 'time="2026-01-01T00:00:00Z" level=fatal msg="Put \\"https://s3\\": connection reset"\n',
}

/** Says that the scratch folder has something, until that is deleted. */
const MARK = 'etcd-snapshot-fetched'

test("RKE's helper gets its own arguments, the bucket's keys in its environment, and the scratch folder", async () => {
  const { failure, left, started } = await download({ exitCode: 0 })
  expect(failure).toBeUndefined()
  expect(left).toEqual([MARK])
  expect(started).toEqual([
    {
      Image: 'rancher/rke-tools:v1',
      Cmd: [
        ...['/opt/rke-tools/rke-etcd-backup', 'etcd-backup', 'download', '--name', 'before-upgrade'],
        ...['--s3-backup=true', '--s3-endpoint=s3.example.net', '--s3-bucketName=backups', '--s3-region='],
        ...['--s3-endpoint-ca=UEVN', '--s3-folder=prod'],
      ],
      Env: ['HTTPS_PROXY=http://p:1', 'S3_ACCESS_KEY=QUs=', 'S3_SECRET_KEY=U0s='],
      HostConfig: {
        Binds: ['/opt/rke/etcd-snapshots-restore/:/backup', '/pre/etc/kubernetes:/etc/kubernetes'],
        NetworkMode: 'host',
      },
    },
  ])
})

test('a broken transfer is tried again, and the reason is reported', async () => {
  const { failure, paused, progress, started } = await download(failing, failing, { exitCode: 0 })
  expect(failure).toBeUndefined()
  expect(started).toHaveLength(3)
  expect(paused).toEqual([2000, 5000])
  expect(progress[0]).toBe('Put "https://s3": connection reset; trying again in 2 s (2 of 3)')
})

test('after three tries it fails with what the helper said, and leaves no helper at work', async () => {
  const { failure, left } = await download(failing, failing, failing)
  expect(failure).toBeInstanceOf(SnapshotError)
  expect(failure).toMatchObject({
    host: NODE,
    step: 'run etcd-download-backup',
    why: 'Put "https://s3": connection reset',
    hint: expect.stringContaining('rke etcd snapshot-ls'),
  })
  expect(left).toEqual([MARK])
})

test('an archive that the helper cannot unpack is damaged: it is not downloaded again', async () => {
  const broken: FakeOutcome = { exitCode: 1, stderr: 'level=fatal msg="zip: checksum error"' }
  const { failure, started } = await download(broken)
  expect(started).toHaveLength(1)
  expect(failure).toMatchObject({
    message: expect.stringContaining('its archive in the bucket is damaged: zip: checksum error'),
  })
})

test('a full disk has its own hint', async () => {
  const full: FakeOutcome = {
    exitCode: 1,
    stderr: 'level=fatal msg="write /backup/x: no space left on device"',
  }
  const { failure } = await download(full, full, full)
  expect(failure).toMatchObject({
    hint: expect.stringContaining('free some space below /opt/rke on 10.0.0.1'),
  })
})

test('a plan that is printed shows no key', () => {
  const shown = concealEnvironment(action)
  expect(JSON.stringify(shown)).toContain('S3_SECRET_KEY=[secret]')
  expect(JSON.stringify(shown) + inspect(shown, { depth: 9 })).not.toMatch(/U0s=|QUs=/)
})
