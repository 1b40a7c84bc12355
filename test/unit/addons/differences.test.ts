import { describe, expect, test } from 'vitest'
import { desiredAddons } from '../../../src/addons/desired-addons.ts'
import { asKey, betweenQuotes, withoutQuotes } from '../../../src/addons/pasted-text.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { catalog } from './addon-fixture.ts'

/** What a plan says about the add-ons of a cluster file with these lines, where they replace RKE's. */
function differences(lines: string): readonly string[] {
  const file = `nodes: [{address: 1.2.3.4, user: u, role: [controlplane, etcd, worker]}]\n${lines}\n`
  const { config } = loadConfig(file, 'cluster.yml', catalog)
  return desiredAddons(config, catalog).flatMap((step) => (step.kind === 'deploy' ? step.differences : []))
}

describe('the plan says what deliberately differs from RKE:', () => {
  test('nothing, for ordinary settings', () => {
    const lines = `
network: {plugin: canal, options: {canal_priority_class_name: mine}}
dns: {upstreamnameservers: [1.1.1.1], options: {coredns_priority_class_name: mine}}
monitoring: {options: {v: 4, metric-resolution: 30s}}
ingress:
  options: {use-forwarded-headers: "true", log-format-upstream: '{\\"time\\": \\"$time_iso8601\\"}'}
  extra_args: {default-ssl-certificate: "a/b", enable-ssl-passthrough: ""}`
    expect(differences(lines)).toEqual([])
  })

  test.each([
    ['dns: {reversecidrs: [172.31.0.0/16]}', /^CoreDNS answers for the reverse zones of dns\.reversecidrs/],
    ['dns: {stubdomains: {a.b: [1.1.1.1]}}', /^CoreDNS asks the servers of dns\.stubdomains/],
    [
      'monitoring: {metrics_server_priority_class_name: "yes"}',
      /^monitoring\.metrics_server_priority_class_name /,
    ],
    ['monitoring: {options: {a: "b: c"}}', /^monitoring\.options\.a is written as text/],
    ['ingress: {extra_args: {a: "b: c"}}', /^ingress\.extra_args\.a /],
    ['ingress: {options: {"010": x}}', /^ingress\.options\.010 /],
    ['ingress: {options: {log-format-upstream: \'{"a": 1}\'}}', /^ingress\.options\.log-format-upstream /],
    ['ingress: {nginx_ingress_controller_priority_class_name: "1"}', /^ingress\.nginx_ingress_controller_/],
    [
      'network: {plugin: flannel, options: {kube_flannel_priority_class_name: "no"}}',
      /^network\.options\.kube_/,
    ],
    ['dns: {options: {coredns_priority_class_name: "0x1"}}', /^dns\.options\.coredns_priority_class_name /],
    [
      'dns: {nodelocal: {ip_address: 169.254.20.10, node_local_dns_priority_class_name: "~"}}',
      /^dns\.nodelocal\.node_local_dns_priority_class_name /,
    ],
  ])('%s', (lines, text) => {
    expect(differences(lines)).toEqual([expect.stringMatching(text)])
  })

  test('nothing about stub domains without servers, and nothing with kube-dns', () => {
    expect(differences('dns: {stubdomains: {a.b: []}}')).toEqual([])
    expect(
      differences('dns: {provider: kube-dns, reversecidrs: [10.0.0.0/8], stubdomains: {a.b: [1.1.1.1]}}'),
    ).toEqual([])
  })
})

describe('a text is read as in RKE’s manifest, unless YAML reads none there:', () => {
  test.each([
    ['plain', 'plain', true],
    ['a: b # c', 'a: b # c', true],
    ['{\\"a\\": 1}', '{"a": 1}', true],
    ['a\\tb', 'a\tb', true],
    ['one\n  two\n', 'one two ', true],
    ['a "b"', 'a "b"', false],
    ['a" b: "c', 'a" b: "c', false],
    ['\\d+', '\\d+', false],
  ])('between quotes: %j', (given, text, isText) => {
    expect(betweenQuotes(given)).toEqual({ text, isText })
  })

  test.each([
    ['--a=b', '--a=b', true],
    ['--a=b #c', '--a=b', true],
    ['--a=b: c', '--a=b: c', false],
    ['yes', 'yes', false],
    ['1e3', '1e3', false],
    ['', '', false],
  ])('without quotes: %j', (given, text, isText) => {
    expect(withoutQuotes(given)).toEqual({ text, isText })
  })

  test.each([
    ['use-gzip', true],
    ['010', false],
    ['yes', false],
    ['a b', true],
    ['a: b', false],
  ])('as a key: %j', (text, isText) => {
    expect(asKey(text)).toEqual({ text, isText })
  })
})
