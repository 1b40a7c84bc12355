import { ConfigError, UsageError } from '../../../errors.ts'
import { readText } from '../../../files/read-file.ts'
import type { AuthorityFiles, NamedText } from '../../../pki/own/own-authority.ts'
import { Secret } from '../../../secret.ts'
import type { Environment } from '../../io.ts'
import type { Flags } from '../../parsing/flags.ts'

/** Holds the text of the key of the user's own CA, for machines that have it in no file. */
export const CA_KEY_VARIABLE = 'RKE_CA_KEY'

/** Larger than any key and chain of certificates. */
const MAX_BYTES = 1024 * 1024

/**
 * The user's own authority, as `--ca-cert`, `--ca-key` and the environment give it; undefined if they give nothing. With certificates from a
 * folder it has no part.
 * @throws UsageError for flags that do not go together, ConfigError if a file cannot be read.
 */
export async function readAuthorityFiles(
  flags: Flags,
  env: Environment,
): Promise<AuthorityFiles | undefined> {
  const [certificate, key] = [flags.text('ca-cert'), flags.text('ca-key')]
  if (flags.on('custom-certs')) {
    if (certificate === '' && key === '') return undefined
    throw new UsageError('--custom-certs does not go with --ca-cert and --ca-key', {
      step: 'read the command line',
      hint: 'certificates come from a folder, or are issued by the CA that is given: choose one',
    })
  }
  const given = env[CA_KEY_VARIABLE] ?? ''
  const files: AuthorityFiles = {
    ...(certificate !== '' && { certificates: await readNamed(certificate) }),
    ...(key !== '' && { key: secret(await readNamed(key)) }),
    ...(key === '' && given !== '' && { key: secret({ name: CA_KEY_VARIABLE, text: given }) }),
  }
  return Object.keys(files).length === 0 ? undefined : files
}

async function readNamed(path: string): Promise<NamedText<string>> {
  try {
    return { name: path, text: await readText(path, MAX_BYTES) }
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read`, {
      step: 'read the CA',
      untouched: true,
      hint: 'name a PEM file that exists and that this user may read',
      cause,
    })
  }
}

const secret = ({ name, text }: NamedText<string>): NamedText<Secret<string>> => ({
  name,
  text: new Secret(text),
})
