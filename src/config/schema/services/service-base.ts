import { z } from 'zod'
import { ruled, text, textMap, texts } from '../reading/field-rules.ts'

/** Lists of values by flag; a missing list is null. */
const textListMap = (about: string) => ruled(z.record(z.string(), texts().nullable()), about)

/** What can be set for each of the six services; the `win…` forms replace the others on Windows nodes. */
export const serviceBase = {
  image: text({
    about: 'Always replaced: by `system_images.etcd` for etcd, by `system_images.kubernetes` for the others.',
    derived: true,
  }),
  extraArgs: textMap('Flags of the component, without leading dashes; they override all others.'),
  extraArgsArray: textListMap('Flags given several times: by flag, the list of its values.'),
  extraBinds: texts('Additional bind mounts of the container, as `/on/node:/in/container[:options]`.'),
  extraEnv: texts('Additional environment variables of the container, as `NAME=value`.'),
  winExtraArgs: textMap('In place of `extra_args` on Windows nodes.'),
  winExtraArgsArray: textListMap('In place of `extra_args_array` on Windows nodes.'),
  winExtraBinds: texts('In place of `extra_binds` on Windows nodes.'),
  winExtraEnv: texts('In place of `extra_env` on Windows nodes.'),
}
