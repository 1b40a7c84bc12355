import { describe, expect, test } from 'vitest'
import { errorOf, oneNode, pem, warningsOf } from './one-node.ts'

const certificate: string = JSON.parse(pem.certificate)
const key: string = JSON.parse(pem.key)
const quoted = (text: string): string => JSON.stringify(text)
const bag = (text: string): string => `Bag Attributes\n    localKeyID: 01 \n${text.replaceAll('\n', ' \r\n')}`

describe('keys and certificates with what other programs write around them are taken', () => {
  test.each([
    ['a certificate and a key', certificate, key],
    ['with bag attributes', bag(certificate), bag(key)],
    ['each behind the other', `${key}${certificate}`, `${certificate}${key}`],
  ])('%s, of an etcd of others', (_, certs, keys) => {
    const text = `services: {etcd: {external_urls: ['https://e:2379'], path: /e, ca_cert: ${quoted(certs)}, cert: ${quoted(certs)}, key: ${quoted(keys)}}}\n`
    const file = oneNode(text).replace('controlplane, etcd, worker', 'controlplane, worker')
    expect(errorOf(file)).toBe('')
  })

  test('a key for SSH', () => {
    const warned = (text: string): string[] =>
      warningsOf(oneNode('', `ssh_key: ${quoted(text)}`)).filter((line) => line.includes('ssh_key'))
    expect(warned(bag(key))).toEqual([])
    expect(warned(`${certificate}${key}`)).toEqual([])
  })
})
