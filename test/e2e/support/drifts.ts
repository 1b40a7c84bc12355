import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import type { Machine } from '../../testbed/index.ts'
import type { Kube } from './kube.ts'
import { shell } from './machine-shell.ts'

/** What somebody did to a cluster behind the program's back, and what the program must find. */
export interface Drift {
  readonly what: string
  readonly cause: () => Promise<unknown>
  /** Ids of planned actions, each with a word that its reasons hold. */
  readonly found: Readonly<Record<string, string>>
}

/** A drift of every kind that is repaired, on a control plane node and two workers. */
export function drifts(
  kube: () => Kube,
  [controlPlane, front, gpu]: readonly [Machine, Machine, Machine],
): readonly Drift[] {
  const at = ({ address }: Machine, rest: string): string => `node/${address}/${rest}`
  const of = { namespace: 'kube-system' }
  const asJsonPatch = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch)
  return [
    {
      what: 'a container was removed',
      cause: () => shell(front, 'docker rm -f kube-proxy'),
      found: { [at(front, 'container/kube-proxy')]: 'missing', [at(front, 'health/kube-proxy')]: '' },
    },
    {
      what: 'a container was stopped',
      cause: () => shell(gpu, 'docker stop nginx-proxy'),
      found: { [at(gpu, 'container/nginx-proxy')]: 'exited' },
    },
    {
      what: 'a container was replaced by a different one',
      cause: () =>
        shell(
          controlPlane,
          `image=$(docker inspect -f '{{.Config.Image}}' kube-scheduler) && docker rm -f kube-scheduler &&
           docker run -d --name kube-scheduler --stop-signal KILL --entrypoint sleep $image infinity`,
        ),
      found: {
        [at(controlPlane, 'container/kube-scheduler')]: 'argument --kubeconfig',
        [at(controlPlane, 'health/kube-scheduler')]: '',
      },
    },
    {
      what: 'a helper container was left by a killed run',
      cause: () =>
        shell(
          front,
          `docker create --name file-deployer $(docker inspect -f '{{.Config.Image}}' nginx-proxy)`,
        ),
      found: {
        [at(front, 'leftover/file-deployer')]: 'interrupted',
      },
    },
    {
      what: 'a certificate file was deleted',
      cause: () => shell(gpu, 'rm /etc/kubernetes/ssl/kube-proxy.pem'),
      found: { [at(gpu, 'files')]: 'missing: kube-proxy.pem' },
    },
    {
      what: 'a certificate file was cut off',
      cause: () => shell(front, 'truncate -s 100 /etc/kubernetes/ssl/kube-node.pem'),
      found: { [at(front, 'files')]: 'damaged: kube-node.pem' },
    },
    {
      what: 'a configuration file was changed',
      cause: () => shell(controlPlane, 'echo "# mine" >> /etc/kubernetes/audit-policy.yaml'),
      found: { [at(controlPlane, 'files')]: 'different: audit-policy.yaml' },
    },
    {
      what: 'a key may be read by everybody',
      cause: () => shell(gpu, 'chmod 644 /etc/kubernetes/ssl/kube-node-key.pem'),
      found: { [at(gpu, 'files-access')]: 'mode 0644 → 0600: kube-node-key.pem' },
    },
    {
      what: 'a configuration file has another owner, and nobody but root gets to the certificates',
      cause: () =>
        shell(controlPlane, 'chown 1000:1000 /etc/kubernetes/admission.yaml; chmod 700 /etc/kubernetes/ssl'),
      found: { [at(controlPlane, 'files-access')]: 'owner 1000:1000 → 0:0: admission.yaml' },
    },
    {
      what: 'the data of etcd may be read by everybody',
      cause: () => shell(controlPlane, 'chmod 755 /var/lib/etcd'),
      found: { [at(controlPlane, 'etcd-permissions')]: 'mode 0755 → 0700' },
    },
    {
      what: 'a label was taken off a node',
      cause: () =>
        kube().core.patchNode(
          { name: front.address, body: [{ op: 'remove', path: '/metadata/labels/tier' }] },
          asJsonPatch,
        ),
      found: { [at(front, 'labels')]: 'label tier=front' },
    },
    {
      what: 'a taint was taken off a node',
      cause: () =>
        kube().core.patchNode(
          { name: gpu.address, body: [{ op: 'replace', path: '/spec/taints', value: [] }] },
          asJsonPatch,
        ),
      found: { [at(gpu, 'labels')]: 'dedicated' },
    },
    {
      what: "an addon's ConfigMap was changed",
      cause: () =>
        kube().core.patchNamespacedConfigMap(
          {
            ...of,
            name: 'rke-coredns-addon',
            body: [{ op: 'replace', path: '/data/rke-coredns-addon', value: '' }],
          },
          asJsonPatch,
        ),
      found: { 'cluster/addon/rke-coredns-addon': '' },
    },
    {
      what: "an addon's Job was deleted",
      cause: () =>
        kube().batch.deleteNamespacedJob({
          ...of,
          name: 'rke-metrics-addon-deploy-job',
          propagationPolicy: 'Foreground',
        }),
      found: { 'cluster/addon/rke-metrics-addon': 'Job is missing' },
    },
    {
      what: 'a role binding was deleted',
      cause: () => kube().rbac.deleteClusterRoleBinding({ name: 'job-deployer' }),
      found: { 'cluster/authorization': 'job-deployer' },
    },
    {
      what: 'the copy of the state was deleted',
      cause: () => kube().core.deleteNamespacedSecret({ ...of, name: 'full-cluster-state' }),
      found: { 'cluster/state-copy': 'no copy' },
    },
  ]
}
