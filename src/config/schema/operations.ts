import { z } from 'zod'
import { always, flag, integer, optionalText, ruled, text, texts, whenSet } from './reading/field-rules.ts'

/** How nodes are emptied before an upgrade; seconds. */
export const nodeDrainInputSchema = z.object({
  force: flag('Also evict pods without a controller, which are not recreated.'),
  ignoreDaemonSets: whenSet(z.boolean().optional(), {
    about: 'Ignore pods of DaemonSets. With `false`, a node that runs any cannot be drained.',
    yaml: 'ignore_daemonsets',
    default: true,
  }),
  deleteLocalData: flag('Also evict pods with `emptyDir` volumes, whose data is lost.'),
  gracePeriod: integer({
    about: "Grace period of pods in seconds; `-1` for each pod's own.",
    default: -1,
  }),
  timeout: always(
    integer({
      about: 'Timeout for draining a node in seconds; `0`: no limit.',
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
    about: 'Drain a node before it is changed, instead of only cordoning it.',
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

export const caKeyPlaces = ['state', 'external'] as const

/** How certificates are issued, for how long they are valid, and when `up` renews them. RKE does not know this block. */
export const certificatesSchema = z.object({
  caKey: optionalText({
    about:
      'Where the private key of the CA is kept: in the state file and on control plane nodes, or nowhere (`external`). An external one is given to each run that issues certificates.',
    default: 'state',
    oneOf: caKeyPlaces,
  }),
  caDays: integer({
    about: 'For how many days new certificate authorities are valid.',
    default: 3650,
    whole: true,
  }),
  leafDays: integer({
    about: 'For how many days all other new certificates are valid.',
    default: 3650,
    whole: true,
  }),
  renewBeforeDays: integer({
    about:
      'Days before its end from which `rke up` renews a certificate that is no authority, with a new key; `0`: never.',
    default: 0,
    whole: true,
  }),
})

/** Its mere presence turns `up` into a rotation of certificates. */
export const rotateCertificatesSchema = z.object({
  caCertificates: flag({ about: 'Also issue new certificate authorities.', yaml: 'cacertificates' }),
  services: texts({
    about: `Components whose certificates are rotated, of ${rotatableServices.map((name) => `\`${name}\``).join(', ')}.`,
    default: { from: 'all' },
    oneOf: rotatableServices,
  }),
})
