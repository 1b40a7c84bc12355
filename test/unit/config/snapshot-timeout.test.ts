import { expect, test } from 'vitest'
import { snapshotTimeout } from '../../../src/config/snapshot-timeout.ts'
import { load, oneNode } from './one-node.ts'

test.each([
  ['', 300],
  ['services: {etcd: {backup_config: {timeout: 20}}}', 20],
  ['services: {etcd: {backup_config: {enabled: false}}}', 300],
  ['services: {etcd: {backup_config: {timeout: -5}}}', 300],
])('what snapshots may take is never nothing: %s', (more, seconds) => {
  expect(snapshotTimeout(load(oneNode(more)).config)).toBe(seconds)
})
