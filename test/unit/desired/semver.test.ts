import { describe, expect, it } from 'vitest'
import { imageTag } from '../../../src/catalog/image-tag.ts'
import { tagAtLeast } from '../../../src/desired/semver.ts'

describe('the tag of an image', () => {
  it.each([
    ['rancher/rke-tools:v0.1.103', 'v0.1.103'],
    ['reg.local:5000/rancher/rke-tools:v1', 'v1'],
    ['reg.local:5000/rancher/rke-tools', ''],
    ['busybox', ''],
  ])('of %s is "%s"', (image, tag) => {
    expect(imageTag(image)).toBe(tag)
  })

  it.each([
    ['x:v3.4.3-rancher1', '3.4.3-rancher99', false],
    ['x:v3.4.3', '3.4.3-rancher99', true],
    ['x:v3.4.4-rancher1', '3.4.3-rancher99', true],
    ['x:3.4.2', '3.4.3-rancher99', false],
    ['x:v0.1.13', '0.1.13', true],
    ['x:v0.1.13-rc1', '0.1.13', false],
    ['x:v0.1.9', '0.1.13', false],
  ])('%s is, as a semantic version, at least %s: %s', (image, least, expected) => {
    expect(tagAtLeast(image, least)).toBe(expected)
  })

  it.each(['x:latest', 'x', 'reg.local:5000/x', 'x:v3', 'x:v3.4', 'x:v0.1.9@sha256:0123'])(
    'counts as new in %s, which has no semantic version',
    (image) => {
      expect(tagAtLeast(image, '99.0.0')).toBe(true)
    },
  )
})
