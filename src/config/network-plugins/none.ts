import type { NetworkPlugin } from './network-plugin.ts'

/** Leaves the network between pods to the user. */
export const none = {
  name: 'none',
  canInstall: true,
  images: () => [],
  requiredImages: [],
  options: [],
  isDualStack: () => false,
  takesMtu: true,
  takesTolerations: true,
  leftovers: {},
} as const satisfies NetworkPlugin
