import { z } from 'zod'
import { always, optionalText, ruled, text, whenSet } from '../reading/field-rules.ts'
import { intOrPercent } from '../services/pod-settings.ts'

/** Permission bits of files in a volume. */
export const mode = () => whenSet(z.int().optional(), 'Permissions of the files, such as 0644.')

/** Whether something may be missing; `what` is that in words. */
export const optional = (what: string) => whenSet(z.boolean().optional(), `Go on if ${what} is not there.`)

/** An amount such as `512Mi`. */
export const quantity = (about: string) => whenSet(intOrPercent.optional(), about)

/** An optional block. */
export const ref = <S extends z.ZodRawShape>(shape: S, about: string) =>
  ruled(z.object(shape).optional(), about)

/** A field of the pod. */
export const fieldRef = () =>
  ref(
    {
      apiVersion: optionalText('Version of the API that the path is of.'),
      fieldPath: always(text('Path of the field, such as `metadata.name`.')),
    },
    'A field of the pod.',
  )

/** A request or limit of a container. */
export const resourceFieldRef = () =>
  ref(
    {
      containerName: optionalText('Name of the container.'),
      resource: always(text('The resource, such as `limits.cpu`.')),
      divisor: quantity('Unit of the value.'),
    },
    'A resource of a container.',
  )

const keyRef = (what: string) =>
  ref(
    {
      name: optionalText(`Name of the ${what}.`),
      key: always(text('The key in it.')),
      optional: optional('it or the key'),
    },
    `A value of a ${what}.`,
  )

/** An environment variable: core/v1 EnvVar, with the members and in the order that the state file has of it. */
export const envVarSchema = z.object({
  name: always(text('Name of the variable.')),
  value: optionalText('Its value.'),
  valueFrom: ref(
    {
      fieldRef: fieldRef(),
      resourceFieldRef: resourceFieldRef(),
      configMapKeyRef: keyRef('ConfigMap'),
      secretKeyRef: keyRef('Secret'),
    },
    'Where its value is taken from.',
  ),
})
