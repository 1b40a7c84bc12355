import type { KubeObject } from '../kube-object.ts'

export const FLANNEL_POLICY = 'psp.flannel.unprivileged'

/** What flannel's pod needs under a PodSecurityPolicy. The kind exists up to Kubernetes 1.24. */
export const flannelPodSecurityPolicy: KubeObject & { readonly spec: object } = {
  apiVersion: 'policy/v1beta1',
  kind: 'PodSecurityPolicy',
  metadata: { name: FLANNEL_POLICY },
  spec: {
    privileged: false,
    allowPrivilegeEscalation: false,
    allowedCapabilities: ['NET_ADMIN', 'NET_RAW'],
    hostNetwork: true,
    hostPorts: [{ min: 0, max: 65535 }],
    volumes: ['configMap', 'secret', 'emptyDir', 'hostPath'],
    allowedHostPaths: ['/etc/cni/net.d', '/etc/kube-flannel', '/opt/cni/bin', '/run'].map((pathPrefix) => ({
      pathPrefix,
    })),
    runAsUser: { rule: 'RunAsAny' },
    supplementalGroups: { rule: 'RunAsAny' },
    fsGroup: { rule: 'RunAsAny' },
    seLinux: { rule: 'RunAsAny' },
  },
}
