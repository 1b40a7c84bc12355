import type { ActionHandler } from '../action-handler.ts'

export const leasesRelease: ActionHandler<'leases.release'> = {
  describe: ({ names }) => `release the leases ${names.join(', ')}`,
  async run({ names }, { kube, signal }) {
    const api = await kube()
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'kube-system' }
    await Promise.all(names.map((name) => api.delete({ ...lease, name }, { signal })))
  },
}
