import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addonConfigMap, deleteJob, deployJob, MANIFEST_HASH_ANNOTATION } from '../../../src/addons/jobs.ts'
import { renderManifest } from '../../../src/addons/objects/manifest.ts'
import { unknownFields } from './api-fields.ts'

const options = {
  name: 'rke-network-plugin',
  image: 'rancher/hyperkube:v1.30.4-rancher1',
  nodeName: 'master-1',
}

describe('deploy Job', () => {
  test('holds everything that RKE 1 sets, and nothing else', () => {
    expect(deployJob(options)).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'rke-network-plugin-deploy-job', namespace: 'kube-system' },
      spec: {
        backoffLimit: 10,
        template: {
          metadata: { name: 'rke-deploy' },
          spec: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchExpressions: [{ key: 'kubernetes.io/os', operator: 'NotIn', values: ['windows'] }],
                    },
                  ],
                },
              },
            },
            tolerations: [{ operator: 'Exists' }],
            hostNetwork: true,
            serviceAccountName: 'rke-job-deployer',
            nodeName: 'master-1',
            restartPolicy: 'Never',
            containers: [
              {
                name: 'rke-network-plugin-pod',
                image: 'rancher/hyperkube:v1.30.4-rancher1',
                command: ['kubectl', 'apply', '-f', '/etc/config/rke-network-plugin.yaml'],
                volumeMounts: [{ name: 'config-volume', mountPath: '/etc/config' }],
              },
            ],
            volumes: [
              {
                name: 'config-volume',
                configMap: {
                  name: 'rke-network-plugin',
                  items: [{ key: 'rke-network-plugin', path: 'rke-network-plugin.yaml' }],
                },
              },
            ],
          },
        },
      },
    })
  })

  test('carries the hash of its manifest where only this program looks', () => {
    const job = deployJob({ ...options, manifestHash: 'v1-00' })
    expect(job.metadata.annotations).toEqual({ [MANIFEST_HASH_ANNOTATION]: 'v1-00' })
    expect(job.spec?.template).toEqual(deployJob(options).spec?.template)
  })
})

test('both Jobs and the ConfigMap have only fields that the API knows', () => {
  expect(unknownFields(deployJob({ ...options, manifestHash: 'v1-00' }), 'V1Job')).toEqual([])
  expect(unknownFields(deleteJob(options), 'V1Job')).toEqual([])
  expect(unknownFields(addonConfigMap('a', 'text'), 'V1ConfigMap')).toEqual([])
})

test('delete Job', async () => {
  await expect(renderManifest([deleteJob(options)])).toMatchFileSnapshot('golden/delete-job.yaml')
})

describe('script of the delete Job', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'delete-job-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Runs the script with a `kubectl` that lists `listed` and writes down its deletions. */
  function run(
    listed: string,
    failure = { exitCode: 0, message: '' },
  ): { deletions: string[]; failed: boolean } {
    const log = join(folder, 'log')
    writeFileSync(log, '')
    writeFileSync(join(folder, 'listed'), listed)
    writeFileSync(join(folder, 'message'), failure.message)
    writeFileSync(
      join(folder, 'kubectl'),
      `#!/bin/sh
if [ "$1" = get ]; then cat ${folder}/listed; cat ${folder}/message >&2; exit ${failure.exitCode}; fi
printf "%s\\n" "$*" >> ${log}
`,
    )
    chmodSync(join(folder, 'kubectl'), 0o755)
    const script = deleteJob(options).spec?.template.spec?.containers[0]?.args?.[1] ?? ''
    let failed = false
    try {
      execFileSync('/bin/sh', ['-c', script], {
        env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
        stdio: 'ignore',
      })
    } catch {
      failed = true
    }
    return { deletions: readFileSync(log, 'utf8').split('\n').filter(Boolean), failed }
  }

  test('deletes what exists, in the order of the manifest, by its API group', () => {
    const listed = [
      'flannel         <none>        ClusterRole     rbac.authorization.k8s.io/v1',
      'kube-flannel    kube-system   DaemonSet       apps/v1',
      'kube-flannel-cfg   kube-system   ConfigMap    v1',
    ]
    expect(run(`${listed.join('\n')}\n`)).toEqual({
      failed: false,
      deletions: [
        'delete --ignore-not-found=true ClusterRole.v1.rbac.authorization.k8s.io flannel',
        '-n kube-system delete --ignore-not-found=true DaemonSet.v1.apps kube-flannel',
        '-n kube-system delete --ignore-not-found=true ConfigMap kube-flannel-cfg',
      ],
    })
  })

  test('does nothing, successfully, when nothing is left', () => {
    expect(run('')).toEqual({ failed: false, deletions: [] })
  })

  test('fails when the objects cannot be listed, so that the addon does not count as removed', () => {
    const failure = { exitCode: 1, message: 'The connection to the server 10.43.0.1 was refused\n' }
    expect(run('', failure)).toEqual({ failed: true, deletions: [] })
  })

  test('passes over kinds whose definition is gone', () => {
    const message = `error: resource mapping not found for name: "a" namespace: "" from "/etc/config/x.yaml": no matches for kind "Foo" in version "example.com/v1"
ensure CRDs are installed first
`
    expect(run('b kube-system ConfigMap v1\n', { exitCode: 1, message })).toEqual({
      failed: false,
      deletions: ['-n kube-system delete --ignore-not-found=true ConfigMap b'],
    })
  })
})
