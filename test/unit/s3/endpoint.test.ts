import { expect, test } from 'vitest'
import { S3Error } from '../../../src/errors.ts'
import { endpointOf } from '../../../src/s3/endpoint.ts'

const at = (endpoint: string, bucket = 'backups', region?: string) =>
  endpointOf({ endpoint, bucket, region, environment: [] })

test.each([
  ['s3.example.net', 'https://s3.example.net'],
  ['10.0.0.9:9000', 'https://10.0.0.9:9000'],
  ['[fd00::9]:9000', 'https://[fd00::9]:9000'],
  ['S3.Example.net:443', 'https://s3.example.net'],
])('%s is a service of its own, and has the bucket in the path', (endpoint, url) => {
  expect(at(endpoint).urlIn('us-east-1')).toBe(url)
  expect(at(endpoint)).toMatchObject({ isPathStyle: true, region: undefined })
})

test.each(['', 's3.amazonaws.com'])('"%s" is Amazon, in the region of the bucket', (endpoint) => {
  expect(at(endpoint).urlIn('eu-central-1')).toBe('https://s3.eu-central-1.amazonaws.com')
  expect(at(endpoint)).toMatchObject({ isPathStyle: false, region: undefined })
})

test('a host of Amazon says the region, and the configuration comes first', () => {
  expect(at('s3.eu-west-3.amazonaws.com').region).toBe('eu-west-3')
  expect(at('s3.cn-north-1.amazonaws.com.cn').region).toBe('cn-north-1')
  expect(at('s3.eu-west-3.amazonaws.com', 'backups', 'eu-west-1').region).toBe('eu-west-1')
})

test.each(['oss-cn-hangzhou.aliyuncs.com', 's3.aliyun.testbed', 'storage.googleapis.com'])(
  '%s has the bucket in its name',
  (endpoint) => {
    const isInName = !at(endpoint).isPathStyle
    expect(isInName).toBe(true)
  },
)

test('a bucket whose name has dots is in the path everywhere: no certificate is good for such a host', () => {
  expect(at('s3.amazonaws.com', 'backups.example.net').isPathStyle).toBe(true)
})

test.each([
  'https://s3.example.net',
  's3.example.net/backups',
  's3.example.net:port',
  'user@s3.example.net',
  'a b',
])('%s is refused, with what to write', (endpoint) => {
  expect(() => at(endpoint)).toThrow(S3Error)
  expect(() => at(endpoint)).toThrow(expect.objectContaining({ kind: 'endpoint' }))
})
