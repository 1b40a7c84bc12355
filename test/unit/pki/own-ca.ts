import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What makes an authority other than an ordinary one. */
export interface AuthorityParts {
  /** Name of the authority that signs it; itself by default. */
  readonly by?: string
  /** Extensions in OpenSSL's own words, in the place of those that an authority needs. */
  readonly extensions?: readonly string[]
  readonly bits?: number
  readonly curve?: string
}

const USUAL = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign']

/** Authorities that OpenSSL makes, as a company's would be made, in a folder of their own. */
export function openCompany() {
  const folder = mkdtempSync(join(tmpdir(), 'rke-own-ca-'))
  const openssl = (...args: readonly string[]): string =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  const keyOf = (name: string, { bits = 2048, curve }: AuthorityParts): void => {
    if (existsSync(join(folder, `${name}-key.pem`))) return
    const { privateKey } =
      curve === undefined
        ? generateKeyPairSync('rsa', { modulusLength: bits })
        : generateKeyPairSync('ec', { namedCurve: curve })
    write(`${name}-key.pem`, String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  }
  const write = (name: string, content: string): void => writeFileSync(join(folder, name), content)
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  return {
    /** Makes an authority, once more if it is there, with the key it had. Gives its certificate. */
    authority(name: string, parts: AuthorityParts = {}): string {
      keyOf(name, parts)
      const { by = name, extensions = USUAL } = parts
      write('extensions', ['subjectKeyIdentifier=hash', ...extensions].join('\n'))
      openssl('req', '-new', '-key', `${name}-key.pem`, '-subj', `/O=Acme/CN=${name}`, '-out', 'csr')
      const signer =
        by === name ? ['-signkey', `${name}-key.pem`] : ['-CA', `${by}.pem`, '-CAkey', `${by}-key.pem`]
      openssl(
        ...['x509', '-req', '-in', 'csr', ...signer, '-days', '365', '-set_serial', '7'],
        ...['-extfile', 'extensions', '-out', `${name}.pem`],
      )
      return read(`${name}.pem`)
    },
    /** Signs a request as it stands, with those above the authority behind the certificate. */
    sign(request: string, by: string): string {
      write('csr', request)
      openssl(
        ...['x509', '-req', '-in', 'csr', '-copy_extensions', 'copyall', '-CA', `${by}.pem`],
        ...['-CAkey', `${by}-key.pem`, '-days', '90', '-CAcreateserial', '-out', 'signed.pem'],
      )
      return `${read('signed.pem')}${read(`${by}.pem`)}`
    },
    certificate: (name: string): string => read(`${name}.pem`),
    key: (name: string): string => read(`${name}-key.pem`),
    /** A certificate in OpenSSL's words. */
    describe(certificate: string): string {
      write('described.pem', certificate)
      return openssl('x509', '-noout', '-text', '-in', 'described.pem')
    },
    /** Whether OpenSSL believes a certificate, given what a client trusts and what the server sends besides. Its answer. */
    verify(leaf: string, trusted: string, sent: string, purpose: 'sslserver' | 'sslclient'): string {
      write('leaf.pem', leaf)
      write('trusted.pem', trusted)
      write('sent.pem', sent)
      const partial = ['-partial_chain', '-x509_strict', '-purpose', purpose]
      const between = sent === '' ? [] : ['-untrusted', 'sent.pem']
      return openssl('verify', ...partial, '-CAfile', 'trusted.pem', ...between, 'leaf.pem')
    },
    close: (): void => rmSync(folder, { recursive: true, force: true }),
  }
}
