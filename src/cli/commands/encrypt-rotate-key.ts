import { rotateEncryptionKey } from '../../operations/rotate-encryption-key.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { DONE } from '../exit-codes.ts'
import { openCluster } from '../local/open-cluster.ts'
import { keyExchangedText } from '../output/key-exchanged-text.ts'
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
    renderer.say('info', keyExchangedText(result))
    return DONE
  })
