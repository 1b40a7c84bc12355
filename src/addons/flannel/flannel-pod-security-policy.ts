import type { ManifestObject } from '../objects/manifest-object.ts'

export const FLANNEL_POLICY = 'psp.flannel.unprivileged'

/** What pods may do that name this policy. The kind exists up to Kubernetes 1.24. */
export const flannelPodSecurityPolicy: ManifestObject & { readonly spec: object } = {
  apiVersion: 'policy/v1beta1',
  kind: 'PodSecurityPolicy',
  metadata: {
    name: FLANNEL_POLICY,
    annotations: {
      ...profiles('seccomp.security.alpha.kubernetes.io', 'docker/default'),
      ...profiles('apparmor.security.beta.kubernetes.io', 'runtime/default'),
    },
  },
  spec: {
    privileged: false,
    allowPrivilegeEscalation: false,
    defaultAllowPrivilegeEscalation: false,
    readOnlyRootFilesystem: false,
    allowedCapabilities: ['NET_ADMIN', 'NET_RAW'],
    defaultAddCapabilities: [],
    requiredDropCapabilities: [],
    hostPID: false,
    hostIPC: false,
    hostNetwork: true,
    hostPorts: [{ min: 0, max: 65535 }],
    volumes: ['configMap', 'secret', 'emptyDir', 'hostPath'],
    allowedHostPaths: ['/etc/cni/net.d', '/etc/kube-flannel', '/run/flannel'].map((pathPrefix) => ({
      pathPrefix,
    })),
    runAsUser: { rule: 'RunAsAny' },
    supplementalGroups: { rule: 'RunAsAny' },
    fsGroup: { rule: 'RunAsAny' },
    seLinux: { rule: 'RunAsAny' },
  },
}

function profiles(prefix: string, profile: string): Record<string, string> {
  return { [`${prefix}/allowedProfileNames`]: profile, [`${prefix}/defaultProfileName`]: profile }
}
