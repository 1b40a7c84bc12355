import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

/** An RSA private key as PKCS#1 PEM text. */
export type PrivateKeyPem = string

/** Where private keys come from. Handed in, so that tests need not wait for new ones. */
export interface KeySource {
  generate(): Promise<PrivateKeyPem>
}

const generateRsa = promisify(generateKeyPair)

/** New RSA 2048 keys. Made on libuv's threads, so several at once do not hold up the event loop. */
export const newKeys: KeySource = {
  async generate() {
    const pair = await generateRsa('rsa', {
      modulusLength: 2048,
      publicExponent: 0x10001,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    })
    return pair.privateKey
  },
}
