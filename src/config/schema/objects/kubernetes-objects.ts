import { z } from 'zod'
import {
  always,
  integer,
  optionalText,
  ruled,
  text,
  textMap,
  texts,
  whenSet,
} from '../reading/field-rules.ts'

const kind = (value: string) => optionalText({ about: `Must be \`${value}\`.`, oneOf: [value] })
const stages = (about: string) => ruled(texts().optional(), about)
const names = (about: string) => ruled(texts().optional(), about)

const auditedResources = z.object({
  group: optionalText('API group; empty for the core group.'),
  resources: names('Resources of the group; all where there are none.'),
  resourceNames: names('Names of the objects.'),
})

const auditRule = z.object({
  level: always(
    text({ about: 'How much is logged.', oneOf: ['None', 'Metadata', 'Request', 'RequestResponse'] }),
  ),
  users: names('Users the rule is for.'),
  userGroups: names('Groups of users the rule is for.'),
  verbs: names('Verbs the rule is for.'),
  resources: ruled(z.array(auditedResources).optional(), 'Resources the rule is for.'),
  namespaces: names('Namespaces the rule is for.'),
  nonResourceURLs: names('Paths without a resource that the rule is for.'),
  omitStages: stages('Stages that are not logged.'),
  omitManagedFields: whenSet(z.boolean().optional(), 'Leave `managedFields` out.'),
})

const unused = 'Has no effect.'

/** `metadata` of an object that is in no API: it is only stored and written again. */
const objectMetadata = z.object({
  name: optionalText(unused),
  generateName: optionalText(unused),
  namespace: optionalText(unused),
  selfLink: optionalText(unused),
  uid: optionalText(unused),
  resourceVersion: optionalText(unused),
  generation: ruled(z.int().optional(), unused),
  creationTimestamp: always(z.string().nullable(), unused),
  labels: ruled(textMap().optional(), unused),
  annotations: ruled(textMap().optional(), unused),
  finalizers: ruled(texts().optional(), unused),
})

/** `audit.k8s.io/v1` Policy. Lists that are always written are null when they were not given. */
export const auditPolicySchema = z.object({
  kind: kind('Policy'),
  apiVersion: kind('audit.k8s.io/v1'),
  metadata: always(objectMetadata, unused),
  rules: always(z.array(auditRule).nullable(), 'The first rule that matches a request applies.'),
  omitStages: stages('Stages that are never logged.'),
  omitManagedFields: ruled(z.boolean().optional(), 'Leave `managedFields` out.'),
})

const admissionPlugin = z.object({
  name: always(text('Name of the plugin.')),
  path: always(text('File of its configuration.')),
  configuration: always(z.record(z.string(), z.unknown()).nullable(), 'Its configuration.'),
})

/** `apiserver.config.k8s.io/v1` AdmissionConfiguration. */
export const admissionConfigurationSchema = z.object({
  kind: kind('AdmissionConfiguration'),
  apiVersion: kind('apiserver.config.k8s.io/v1'),
  plugins: always(z.array(admissionPlugin).nullable(), 'Admission plugins.'),
})

const eventLimit = z.object({
  type: always(
    text({ about: 'Scope of the limit.', oneOf: ['Server', 'Namespace', 'User', 'SourceAndObject'] }),
  ),
  qps: always(integer('Events a second.')),
  burst: always(integer('Burst of events.')),
  cacheSize: ruled(z.int().optional(), 'How many namespaces, users or objects are cached.'),
})

/** `eventratelimit.admission.k8s.io/v1alpha1` Configuration. */
export const eventRateLimitConfigurationSchema = z.object({
  kind: kind('Configuration'),
  apiVersion: kind('eventratelimit.admission.k8s.io/v1alpha1'),
  limits: always(z.array(eventLimit).nullable(), 'The limits.'),
})

const encryptionKey = z.object({
  name: always(text('Name of the key.')),
  secret: always(text({ about: 'The key, in base64.', secret: true })),
})
const encryptionKeys = (about: string) =>
  ruled(
    z
      .object({
        keys: always(z.array(encryptionKey).nullable(), 'The first key encrypts, all of them decrypt.'),
      })
      .optional(),
    about,
  )

const kms = z.object({
  apiVersion: always(text('`v1` or `v2`.')),
  name: always(text('Name of the plugin.')),
  cachesize: whenSet(z.int().optional(), 'How many keys are cached.'),
  endpoint: always(text('Socket of the plugin, such as `unix:///run/kms.sock`.')),
  timeout: whenSet(z.string().optional(), 'Timeout of a call, such as `3s`.'),
})

const encryptionProvider = z.object({
  aesgcm: encryptionKeys('Encrypts with AES-GCM.'),
  aescbc: encryptionKeys('Encrypts with AES-CBC.'),
  secretbox: encryptionKeys('Encrypts with XSalsa20 and Poly1305.'),
  identity: ruled(z.object({}).optional(), 'Does not encrypt.'),
  kms: ruled(kms.optional(), 'Encrypts with keys of a key management service.'),
})

const encryptedResources = z.object({
  resources: always(ruled(texts().nullable(), 'Resources that are encrypted, such as `secrets`.')),
  providers: always(z.array(encryptionProvider).nullable(), 'The first one encrypts, all of them decrypt.'),
})

/** `apiserver.config.k8s.io/v1` EncryptionConfiguration. */
export const encryptionConfigurationSchema = z.object({
  kind: kind('EncryptionConfiguration'),
  apiVersion: kind('apiserver.config.k8s.io/v1'),
  resources: always(z.array(encryptedResources).nullable(), 'What is encrypted, and how.'),
})
