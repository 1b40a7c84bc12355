import { z } from 'zod'
import { always, flag, optionalText, ruled, text, textMap, whenSet } from '../reading/field-rules.ts'
import { fieldRef, mode, optional, quantity, ref, resourceFieldRef } from './env-objects.ts'

// Kubernetes' core/v1 objects, with the members and in the order that the state file has of them.

const items = () =>
  ruled(
    z
      .array(
        z.object({
          key: always(text('The key.')),
          path: always(text('File it becomes.')),
          mode: mode(),
        }),
      )
      .optional(),
    'Which keys become which files; all of them where there are none.',
  )

const podFields = () =>
  ruled(
    z
      .array(
        z.object({
          path: always(text('File it becomes.')),
          fieldRef: fieldRef(),
          resourceFieldRef: resourceFieldRef(),
          mode: mode(),
        }),
      )
      .optional(),
    'What becomes which file.',
  )

const configMap = { name: optionalText('Name of the ConfigMap.'), items: items() }

const projection = z.object({
  secret: ref(
    { name: optionalText('Name of the Secret.'), items: items(), optional: optional('it') },
    'A Secret.',
  ),
  downwardAPI: ref({ items: podFields() }, 'Fields of the pod.'),
  configMap: ref({ ...configMap, optional: optional('it') }, 'A ConfigMap.'),
  serviceAccountToken: ref(
    {
      audience: optionalText('Audience of the token.'),
      expirationSeconds: whenSet(z.int().optional(), 'Seconds for which it is valid.'),
      path: always(text('File it becomes.')),
    },
    'A token of the service account.',
  ),
})

/** A volume: its name and one source. Sources that are not here are passed on to Kubernetes unread. */
export const volumeSchema = z.looseObject({
  name: always(text('Name of the volume.')),
  hostPath: ref(
    {
      path: always(text('Path on the node.')),
      type: whenSet(z.string().optional(), 'Required type, such as `DirectoryOrCreate`.'),
    },
    'A file or folder of the node.',
  ),
  emptyDir: ref(
    {
      medium: optionalText('`Memory`, or nothing for the disk of the node.'),
      sizeLimit: quantity('How much it may hold.'),
    },
    'A temporary folder of the pod.',
  ),
  secret: ref(
    {
      secretName: optionalText('Name of the Secret.'),
      items: items(),
      defaultMode: mode(),
      optional: optional('it'),
    },
    'A Secret.',
  ),
  nfs: ref(
    {
      server: always(text('The server.')),
      path: always(text('The folder on it.')),
      readOnly: flag('Do not let the containers write to it.'),
    },
    'A folder of an NFS server.',
  ),
  persistentVolumeClaim: ref(
    {
      claimName: always(text('Name of the claim.')),
      readOnly: flag('Do not let the containers write to it.'),
    },
    'A persistent volume.',
  ),
  downwardAPI: ref({ items: podFields(), defaultMode: mode() }, 'Fields of the pod.'),
  configMap: ref({ ...configMap, defaultMode: mode(), optional: optional('it') }, 'A ConfigMap.'),
  projected: ref(
    { sources: always(z.array(projection).nullable(), 'The sources.'), defaultMode: mode() },
    'Several sources in one folder.',
  ),
  csi: ref(
    {
      driver: always(text('Name of the driver.')),
      readOnly: whenSet(z.boolean().optional(), 'Do not let the containers write to it.'),
      fsType: whenSet(z.string().optional(), 'The file system.'),
      volumeAttributes: ruled(textMap().optional(), 'Attributes passed to the driver.'),
      nodePublishSecretRef: ref({ name: optionalText('Name of the Secret.') }, 'A Secret for the driver.'),
    },
    'A volume of a CSI driver.',
  ),
})

export const volumeMountSchema = z.object({
  name: always(text('Name of the volume.')),
  readOnly: ruled(z.boolean().optional(), 'Do not let the container write to it.'),
  recursiveReadOnly: whenSet(z.string().optional(), 'Also for mounts inside it.'),
  mountPath: always(text('Mount path in the container.')),
  subPath: optionalText('Path inside the volume.'),
  mountPropagation: whenSet(z.string().optional(), 'Propagation of mounts between node and container.'),
  subPathExpr: optionalText('Path inside the volume, with variables.'),
})
