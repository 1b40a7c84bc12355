import { describe, expect, it } from 'vitest'
import { ordinaryLinux, prefixPath } from '../../../src/desired/node-facts.ts'

describe('a node keeps its data below', () => {
  it.each([
    ['Ubuntu 22.04.4 LTS', '/', '/'],
    ['Flatcar Container Linux by Kinvolk 3510.2.0', '/', '/opt/rke'],
    ['Fedora CoreOS 38.20230609.3.0', '/', '/opt/rke'],
    ['Red Hat Enterprise Linux CoreOS 414.92', '/', '/opt/rke'],
    ['RancherOS v1.5.8', '/', '/opt/rke'],
    ['Boot2Docker 19.03.12 (TCL 10.1)', '/', '/mnt/sda1/rke'],
    ['flatcar', '/', '/'],
    ['Flatcar Container Linux', '/data', '/data'],
    ['Ubuntu 22.04.4 LTS', '/data', '/data'],
  ])('on %s with the prefix_path %s: %s', (operatingSystem, configured, expected) => {
    expect(prefixPath(configured, { ...ordinaryLinux, operatingSystem })).toBe(expected)
  })
})
