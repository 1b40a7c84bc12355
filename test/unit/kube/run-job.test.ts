import { describe, expect, it } from 'vitest'
import { AddonError } from '../../../src/errors.ts'
import type { Condition, Job, KubeObject, Pod } from '../../../src/kube/objects/kube-object.ts'
import { runJob } from '../../../src/kube/tasks/run-job.ts'
import { FakeKube } from '../fakes/fake-kube.ts'

const metadata = { name: 'rke-x-deploy-job', namespace: 'kube-system' }
const job: Job = { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: {} }
const options = { deadlineMs: 5_000 }

/** What the Job controller does once the Job is created. */
function whenCreated(kube: FakeKube, act: () => void): void {
  kube.onChange = (object: KubeObject, change) => {
    if (object.kind === 'Job' && change === 'created') setImmediate(act)
  }
}

function finish(kube: FakeKube, type: 'Complete' | 'Failed', more: Partial<Condition> = {}): void {
  kube.put({ ...job, status: { conditions: [{ type, status: 'True', ...more }] } } as Job)
}

function putPod(kube: FakeKube, name: string, status: Pod['status']): void {
  const labels = { 'job-name': metadata.name }
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels,
      creationTimestamp: `2027-01-01T00:00:0${name.at(-1)}Z`,
    },
    ...(status === undefined ? {} : { status }),
  }
  kube.put(pod)
}

async function failureOf(kube: FakeKube, deadlineMs = options.deadlineMs): Promise<AddonError> {
  const failure = await runJob(kube, job, { deadlineMs }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AddonError)
  return failure as AddonError
}

describe('an addon Job', () => {
  it('is created and waited for', async () => {
    const kube = new FakeKube()
    whenCreated(kube, () => finish(kube, 'Complete'))
    await runJob(kube, job, options)
    expect(kube.writes).toEqual(['create Job kube-system/rke-x-deploy-job'])
  })

  it('takes the place of the one before it', async () => {
    const kube = new FakeKube()
    finish(kube, 'Failed')
    whenCreated(kube, () => finish(kube, 'Complete'))
    await runJob(kube, job, options)
    expect(kube.writes).toEqual([
      'delete Job kube-system/rke-x-deploy-job',
      'create Job kube-system/rke-x-deploy-job',
    ])
  })

  it('waits for a deletion that is under way, and does not delete again', async () => {
    const kube = new FakeKube()
    kube.put({ ...job, metadata: { ...metadata, deletionTimestamp: '2027-01-01T00:00:00Z' } })
    setTimeout(() => {
      kube.drop({ apiVersion: 'batch/v1', kind: 'Job', ...metadata })
      whenCreated(kube, () => finish(kube, 'Complete'))
    }, 20)
    await runJob(kube, job, options)
    expect(kube.writes).toEqual(['create Job kube-system/rke-x-deploy-job'])
  })

  it('that failed is reported with Kubernetes’ reason and the tail of the log', async () => {
    const kube = new FakeKube()
    kube.logs.set('kube-system/pod-1', 'first pod')
    kube.logs.set('kube-system/pod-2', 'Error from server: webhook is down')
    whenCreated(kube, () => {
      putPod(kube, 'pod-1', { phase: 'Failed' })
      putPod(kube, 'pod-2', { phase: 'Failed' })
      finish(kube, 'Failed', { reason: 'BackoffLimitExceeded', message: 'Job has reached its limit' })
    })
    const failure = await failureOf(kube)
    expect(failure.message).toBe(
      'its Job failed: Job has reached its limit\nError from server: webhook is down',
    )
  })

  it('whose image cannot be pulled fails at once', async () => {
    const kube = new FakeKube()
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "rancher/x"' }
    whenCreated(kube, () =>
      putPod(kube, 'pod-1', { phase: 'Pending', containerStatuses: [{ name: 'c', state: { waiting } }] }),
    )
    const failure = await failureOf(kube)
    expect(failure.message).toContain('cannot start: ImagePullBackOff: Back-off pulling image "rancher/x"')
  })

  it('whose manifest can never be applied fails at once', async () => {
    const kube = new FakeKube()
    const log = 'error: error validating "/etc/config/rke-x.yaml": unknown field "spec.x"'
    kube.logs.set('kube-system/pod-1', log)
    whenCreated(kube, () => putPod(kube, 'pod-1', { phase: 'Failed' }))
    expect((await failureOf(kube)).message).toContain(log)
  })

  it.each([
    'Unable to connect to the server: dial tcp: i/o timeout',
    'error: error validating "x.yaml": error validating data: failed to download openapi: dial tcp: no route to host',
    'The Service "x" is invalid: spec.clusterIPs: Invalid value: failed to allocate IP: provided IP is already allocated',
  ])('goes on after a failed pod whose cause may pass: %s', async (log) => {
    const kube = new FakeKube()
    kube.logs.set('kube-system/pod-1', log)
    whenCreated(kube, () => {
      putPod(kube, 'pod-1', { phase: 'Failed' })
      setTimeout(() => finish(kube, 'Complete'), 20)
    })
    const told: string[] = []
    await runJob(kube, job, { ...options, onProgress: (text) => told.push(text) })
    expect(told.at(-1)).toBe(`pod pod-1 failed: ${log}`)
  })

  it('that does not end in time is reported with what its pod waits for', async () => {
    const kube = new FakeKube()
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }]
    whenCreated(kube, () => putPod(kube, 'pod-1', { phase: 'Pending', conditions }))
    const failure = await failureOf(kube, 50)
    expect(failure.message).toBe(
      'waited 0.1 s for Job kube-system/rke-x-deploy-job to complete\npod pod-1 waits: 0/3 nodes are available',
    )
    expect(failure.hint).toContain('addon_job_timeout')
  })

  it('that gets no pod at all points to the controller manager', async () => {
    expect((await failureOf(new FakeKube(), 30)).message).toContain('is kube-controller-manager running?')
  })

  it('is left when the run is stopped', async () => {
    const stop = new AbortController()
    const run = runJob(new FakeKube(), job, { ...options, signal: stop.signal })
    setTimeout(() => stop.abort(), 20)
    await expect(run).rejects.toMatchObject({ name: 'CancelledError' })
  })
})
