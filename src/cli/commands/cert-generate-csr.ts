import { signingFiles } from '../../operations/generate-csr.ts'
import { programVersion } from '../../program-version.ts'
import type { CommandAction } from '../command-tree/command-spec.ts'
import { readCertificates, writeCertificates } from '../local/files/certificate-folder.ts'
import { openCluster } from '../local/open-cluster.ts'
import { chooseRenderer } from '../output/renderers/choose-renderer.ts'
import { countText } from '../output/units.ts'
import { withRenderer } from '../running/follow.ts'

/** `rke cert generate-csr`: writes keys and signing requests for the user's own authority. Contacts no node. */
export const certGenerateCsrCommand: CommandAction = async (flags, context) =>
  withRenderer(await chooseRenderer('text', context), context, async (following) => {
    const { renderer, follow } = following
    renderer.say('info', `Running RKE version: ${programVersion}`)
    const { config, deps, files } = await openCluster(flags, context.io, following)
    const folder = flags.text('cert-dir') || files.certificates
    const found = await readCertificates(folder, { mayBeMissing: true })
    const wanted = await follow(signingFiles(config, found, deps))
    const written = await writeCertificates(folder, wanted)
    const requests = countText(
      wanted.filter(({ name }) => name.endsWith('-csr.pem')).length,
      'signing request',
    )
    renderer.say(
      'info',
      written.length === 0
        ? `Nothing to do: the ${requests} in [${folder}] are as they should be`
        : `Wrote ${countText(written.length, 'file')} for ${requests} into [${folder}]`,
    )
    return 0
  })
