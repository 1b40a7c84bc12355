import { expect, test } from 'vitest'
import { type PemBlock, pemBlocks, pemText } from '../../src/pem.ts'

const block: PemBlock = { label: 'CERTIFICATE', headers: [], body: 'QUJD'.repeat(40) }
const other: PemBlock = { label: 'RSA PRIVATE KEY', headers: ['Proc-Type: 4,ENCRYPTED'], body: 'REVG' }

test('what is written is read again, with its headers', () => {
  expect(pemBlocks(`${pemText(block)}${pemText(other)}`)).toEqual([block, other])
})

test.each<[string, (text: string) => string]>([
  [
    'text before, between and after',
    (text) => `Bag Attributes\n    localKeyID: 01 \n${text}Key Attributes: <No Attributes>\n`,
  ],
  ['blanks at the ends of lines', (text) => text.replaceAll('\n', ' \t\n')],
  ['Windows line ends', (text) => text.replaceAll('\n', '\r\n')],
  ['blanks at the beginnings of lines', (text) => text.replaceAll(/^/gm, '    ')],
  ['a byte order mark', (text) => `\uFEFF${text}`],
  ['no line break at the end', (text) => text.trimEnd()],
  ['empty lines', (text) => text.replaceAll('\n', '\n\n')],
])('%s do not matter', (_, change) => {
  expect(pemBlocks(`${change(pemText(block))}\n${change(pemText(other))}`)).toEqual([block, other])
})

test('a block that is cut off is none, and takes no other with it', () => {
  const [cut] = pemText(block).split('-----END')
  expect(pemBlocks(`${cut}`)).toEqual([])
  expect(pemBlocks(`${cut}\n${pemText(block)}`)).toEqual([block])
  expect(pemBlocks(`${cut}${pemText(other)}`)).toEqual([other])
})

test('a line that only holds such words begins no block', () => {
  expect(pemBlocks(`echo ${pemText(block)}`)).toEqual([])
})
