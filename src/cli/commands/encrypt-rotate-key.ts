import type { StoredValues } from '../../encryption-mark.ts'
import {
  type RotateEncryptionKeyResult,
  rotateEncryptionKey,
} from '../../operations/rotate-encryption-key.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { choosePlanRenderer } from '../output/renderers/choose-renderer.ts'
import { withRenderer } from '../running/follow.ts'
import { printDryRun } from '../running/print-dry-run.ts'

const COMMAND = 'rke encrypt rotate-key'

/** `rke encrypt rotate-key`: another key for what is encrypted in etcd. Asks nothing, as with RKE. */
export const encryptRotateKeyCommand: CommandAction = async (flags, context) =>
  withRenderer(await choosePlanRenderer(flags, context), context, async (following) => {
    const { renderer } = following
    const dryRun = flags.on('dry-run')
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const { config, deps, options } = await openCluster(flags, context.io, following)
    const result = await following.follow(rotateEncryptionKey(config, deps, { ...options, dryRun }))
    if (dryRun) return printDryRun(result, COMMAND, flags, context.io, following)
    renderer.end()
    renderer.say('info', endText(result))
    return DONE
  })

function endText({ stored }: RotateEncryptionKeyResult): string {
  const done = 'The encryption key is exchanged'
  if (stored.length === 0)
    return `${done}; etcd is not one of this cluster, so it was not asked how values are stored`
  return `${done}: in etcd there are ${stored.map(storedText).join(', ')}`
}

const storedText = ({ resource, storedAs, count }: StoredValues): string =>
  `${count} ${resource} stored as ${storedAs}`
