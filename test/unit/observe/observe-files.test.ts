import { expect, test } from 'vitest'
import { observedFile } from '../../../src/observe/observe-files.ts'
import { Secret } from '../../../src/secret.ts'

const part = (label: string): string => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`
const found = (text: string) =>
  observedFile('/etc/kubernetes/ssl/kube-node.pem', {
    mode: 0o600,
    uid: 0,
    gid: 0,
    size: text.length,
    content: new Secret(Buffer.from(text)),
  }).certificate

test('a certificate file is whole with one part or several, of whatever kind', () => {
  const key = part('RSA PRIVATE KEY')
  for (const text of [part('CERTIFICATE'), part('CERTIFICATE').repeat(2), `${key}${part('PUBLIC KEY')}`]) {
    expect(found(text)).toBe('whole')
    expect(found(text.slice(0, -10))).toBe('damaged')
  }
  expect(found('')).toBe('damaged')
  expect(found(`${part('CERTIFICATE')}-----BEGIN`)).toBe('damaged')
})
