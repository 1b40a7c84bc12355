import { createPrivateKey, X509Certificate } from 'node:crypto'
import { pemBlocks } from '../../pem.ts'
import { placeholdersIn } from '../secrets/placeholders.ts'

/** What a placeholder stands for is not known yet. */
export const isGivenHere = (text: string): boolean => placeholdersIn(text).length === 0

/** Whether a text holds a certificate in PEM form; Node itself finds none behind another block. */
export function isCertificate(pem: string): boolean {
  const block = pemBlocks(pem).find(({ label }) => label === 'CERTIFICATE')
  try {
    return new X509Certificate(Buffer.from(block?.body ?? '', 'base64')).raw.length > 0
  } catch {
    return false
  }
}

/** Whether a text is a private key in PEM form. */
export function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private'
  } catch {
    return false
  }
}
