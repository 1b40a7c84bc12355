import { placeholdersIn } from '../../secrets/placeholders.ts'
import { buildError, type Finding, when } from '../finding.ts'
import { isPortText, looksLikePrivateKey } from '../syntax.ts'

/** The SSH port of a node or of the bastion. */
export const portFindings = (port: string, path: Finding['path']): readonly Finding[] =>
  when(!isPortText(port), () =>
    buildError([...path, 'port'], `"${port}" is not a port`, 'write a number up to 65535'),
  )

/** A key that stands in the file itself; what a placeholder stands for is not known here. */
export const keyFindings = (sshKey: string, path: Finding['path']): readonly Finding[] =>
  when(sshKey !== '' && placeholdersIn(sshKey).length === 0 && !looksLikePrivateKey(sshKey), () =>
    buildError(
      [...path, 'sshKey'],
      'is not a private key in PEM form',
      'put the text of the key here, or its file into ssh_key_path',
    ),
  )
