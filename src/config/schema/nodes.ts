import { z } from 'zod'
import { ROLES } from '../../role.ts'
import { flag, optionalText, ruled, secretText, text, textMap, texts } from './reading/field-rules.ts'

export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const

/** A taint of a node. Key and effect together are its identity. */
export const taintSchema = z.object({
  key: optionalText('Key of the taint.'),
  value: optionalText('Value of the taint.'),
  effect: optionalText({ about: 'Effect on pods without a toleration.', oneOf: taintEffects }),
  timeAdded: optionalText({ about: 'Stored, but has no effect.', yaml: 'timeAdded' }),
})

/**
 * One machine. `address` is its identity between runs, `hostnameOverride` its name in Kubernetes,
 * `internalAddress` what the components use among themselves.
 */
export const nodeSchema = z.object({
  nodeName: optionalText({ about: 'Has no effect.', yaml: 'nodeName', unset: 'left-out' }),
  address: text({
    about: 'IP address or host name for SSH. It identifies the node and must be unique.',
    required: true,
  }),
  port: text({ about: 'Port of its SSH server.', default: '22' }),
  internalAddress: text({
    about: 'Internal IP: the address that nodes use among themselves, if it differs from `address`.',
    default: { from: '`address`' },
  }),
  role: texts({
    about: 'What runs on the machine: one or more of `controlplane`, `etcd`, `worker`.',
    oneOf: ROLES,
    required: true,
  }),
  hostnameOverride: text({
    about: 'Name of the node in Kubernetes; in lower case. Must be unique.',
    default: { from: '`address`' },
  }),
  user: text({ about: 'SSH user; must be allowed to use Docker.', required: true }),
  dockerSocket: optionalText({ about: 'Path of the Docker socket.', default: '/var/run/docker.sock' }),
  sshAgentAuth: flag({
    about: 'Always replaced by the top-level `ssh_agent_auth`.',
    unset: 'left-out',
    derived: true,
  }),
  sshKey: secretText('The private key itself, in PEM form; overrides `ssh_key_path`.'),
  sshKeyPath: text({
    about: 'File of the private key; may begin with `~/`.',
    default: { from: 'the top-level `ssh_key_path`' },
  }),
  sshCert: optionalText('OpenSSH user certificate that belongs to the key.'),
  sshCertPath: optionalText('File of the OpenSSH user certificate.'),
  labels: textMap('Labels of the Kubernetes node, besides those of its roles.'),
  taints: ruled(z.array(taintSchema), 'Taints of the Kubernetes node, besides those of its roles.'),
})
