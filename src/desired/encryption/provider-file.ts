import { CERTIFICATE_FOLDER } from '../../node-paths.ts'
import type { FileSpec } from '../container-spec.ts'
import { rootFile } from '../files/root-file.ts'
import { prefixed } from '../paths.ts'

/** The name of the encryption provider file, which lies beside the certificates. */
export const PROVIDER_FILE_NAME = 'encryption.yaml'

/** Where API servers find it, in their container; on the node it is below the prefix path. */
export const PROVIDER_FILE = `${CERTIFICATE_FOLDER}/${PROVIDER_FILE_NAME}`

/** The flag of an API server that gets it. */
export const PROVIDER_FILE_FLAG = 'encryption-provider-config'

/** The provider file of an API server, below the node's prefix path. */
export const providerFile = (prefix: string, text: string): FileSpec =>
  rootFile(prefixed(prefix, PROVIDER_FILE), text)

export const isProviderFile = ({ path }: Pick<FileSpec, 'path'>): boolean => path.endsWith(PROVIDER_FILE)

/** The text in the state that a provider file on a node was made of: the file has one line break more. */
export const providerTextOf = (content: string): string => content.replace(/\n$/, '')
