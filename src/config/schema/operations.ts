import { z } from 'zod'
import { always, flag, integer, optionalText, ruled, text, texts, whenSet } from './reading/field-rules.ts'

/** How nodes are emptied before an upgrade; seconds. */
export const nodeDrainInputSchema = z.object({
  force: flag('Evict pods that nothing will start again elsewhere, too.'),
  ignoreDaemonSets: whenSet(z.boolean().optional(), {
    about: 'Leave pods of DaemonSets where they are. With `false`, a node that has any cannot be drained.',
    yaml: 'ignore_daemonsets',
    default: true,
  }),
  deleteLocalData: flag('Evict pods with `emptyDir` volumes, too; what is in those volumes is lost.'),
  gracePeriod: integer({
    about: "Seconds a pod gets to end; `-1` for each pod's own setting.",
    default: -1,
  }),
  timeout: always(
    integer({
      about: 'Seconds after which draining a node is given up; `0`: never.',
      default: 120,
      whole: true,
    }),
  ),
})

/** How many nodes may be away at once while an existing cluster is changed: a number or a percentage. */
export const upgradeStrategySchema = z.object({
  maxUnavailableWorker: text({
    about: 'How many workers may be out of service at once: a number above 0, or a share such as `10%`.',
    default: '10%',
  }),
  maxUnavailableControlplane: text({
    about: 'How many control plane nodes may be out of service at once.',
    default: '1',
  }),
  drain: whenSet(z.boolean().optional(), {
    about: 'Evict the pods of a node before it is changed, instead of only keeping new ones away.',
    default: { from: '`false`' },
  }),
  nodeDrainInput: ruled(nodeDrainInputSchema.optional(), 'How nodes are drained.'),
})

export const restoreSchema = z.object({
  restore: flag('Change all nodes of an existing cluster at once, as after a restored snapshot.'),
  snapshotName: optionalText('Has no effect.'),
})

export const rotatableServices = [
  'etcd',
  'kubelet',
  'kube-apiserver',
  'kube-proxy',
  'kube-scheduler',
  'kube-controller-manager',
] as const

/** Its mere presence turns `up` into a rotation of certificates. */
export const rotateCertificatesSchema = z.object({
  caCertificates: flag({ about: 'Make new certificate authorities, too.', yaml: 'cacertificates' }),
  services: texts({
    about: `Components whose certificates are made anew, of ${rotatableServices.map((name) => `\`${name}\``).join(', ')}.`,
    default: { from: 'all' },
    oneOf: rotatableServices,
  }),
})
