import type { SystemImage } from '../cluster-config.ts'
import { own } from '../own.ts'

const IMAGES: Readonly<Record<string, readonly SystemImage[]>> = {
  coredns: ['coredns', 'corednsAutoscaler'],
  'kube-dns': ['kubedns', 'dnsmasq', 'kubednsSidecar', 'kubednsAutoscaler'],
}

/** What a DNS provider runs of `system_images`; `undefined` for `none`, and for a name that is no provider's. */
export const dnsProviderImages = (provider: string): readonly SystemImage[] | undefined =>
  own(IMAGES, provider)
