import { beforeAll, expect, test } from 'vitest'
import { type Asn1, fromDer } from '../../../src/pki/encoding/asn1.ts'
import { isSignedBy } from '../../../src/pki/encoding/certificate.ts'
import { type CertificatesBundle, certificateEntryKeys } from '../../../src/pki/encoding/certificate-entry.ts'
import { certificateIn, ensure, entryIn, observedState } from './support.ts'

const { rkeConfig, certificatesBundle: observed } = observedState().desiredState
const names = Object.keys(observed)
// The original program copied the API server's certificate here; new clusters get a key of their own.
const comparable = names.filter((name) => name !== 'kube-service-account-token')
let bundle: CertificatesBundle

beforeAll(async () => {
  bundle = (await ensure(rkeConfig)).bundle
})

test('the same cluster has the same certificates', () => {
  expect(Object.keys(bundle)).toEqual(names)
})

test.each(names)('the state says of %s what the original program says, beyond the material', (name) => {
  for (const key of certificateEntryKeys) {
    const isMaterial =
      key === 'certificatePEM' || key === 'keyPEM' || (key === 'config' && name === 'kube-admin')
    if (!isMaterial) expect(entryIn(bundle, name)[key], key).toBe(entryIn(observed, name)[key])
  }
})

test.each(comparable)('certificate %s is built like the original program’s, field for field', (name) => {
  expect(outline(bundle, name)).toEqual(outline(observed, name))
})

test.each(names)('certificate %s of the original program verifies against its authority', (name) => {
  const signer = name.startsWith('kube-apiserver-') ? 'kube-apiserver-requestheader-ca' : 'kube-ca'
  expect(isSignedBy(certificateIn(observed, name), certificateIn(observed, signer))).toBe(true)
  expect(certificateIn(observed, name).notBefore).toEqual(certificateIn(observed, signer).notBefore)
})

/** A certificate as a tree of tags and values, with what is new each time left out. */
function outline(from: CertificatesBundle, name: string): unknown {
  return tree(fromDer(certificateIn(from, name).x509.raw))
}

const SERIAL_KEY_SIGNATURE_TIME = [2, 3, 23]
const KEY_IDENTIFIERS = ['0414', '30168014']

function tree(node: Asn1): unknown {
  const tag = `${node.tagClass}/${node.type}`
  if (node.tagClass === 0 && SERIAL_KEY_SIGNATURE_TIME.includes(Number(node.type))) return tag
  if (Array.isArray(node.value)) return [tag, ...node.value.map(tree)]
  const hex = Buffer.from(node.value, 'binary').toString('hex')
  return `${tag} ${KEY_IDENTIFIERS.find((start) => hex.startsWith(start)) ?? hex}`
}
