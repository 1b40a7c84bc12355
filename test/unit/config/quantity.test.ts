import { expect, test } from 'vitest'
import { isQuantity, normaliseQuantity } from '../../../src/config/kubernetes/quantity.ts'

test('a quantity is written as Kubernetes writes it again', () => {
  const forms = {
    '1024Mi': '1Gi',
    '1500Mi': '1500Mi',
    '0.5Gi': '512Mi',
    '0.5Ki': '512',
    '-1024Ki': '-1Mi',
    1024: '1024',
    1000: '1k',
    '1000k': '1M',
    '1.5': '1500m',
    '.5': '500m',
    '+2': '2',
    '0Mi': '0',
    '1e3': '1e3',
    '12E5': '1200e3',
    '0.0000000001': '1n',
  }
  expect(Object.keys(forms).map((text) => [text, normaliseQuantity(text)])).toEqual(Object.entries(forms))
})

test('what is no quantity stays, and is told from one', () => {
  const texts = ['', '1 Gi', 'much', '1KB', '1mi', '--1', '1e', '.']
  expect(texts.map((text) => normaliseQuantity(text))).toEqual(texts)
  expect(texts.filter((text) => isQuantity(text))).toEqual([])
})
