/** Machines, a registry and Kubernetes images on one Linux box, for integration and end-to-end tests. */
export { ensureDocker } from './docker-engine.ts'
export { imageDisk } from './image-disk.ts'
export { ensureImages, ensureTestImage } from './images.ts'
export { installPackages } from './install-packages.ts'
export { startKmsPlugin } from './kms-plugin.ts'
export type { Machine } from './machine.ts'
export {
  exec,
  type MachineSet,
  machines,
  machinesDown,
  machinesUp,
  powerOff,
  reboot,
  reinstall,
} from './machines.ts'
export { type PrivateRegistry, privateRegistry } from './registry.ts'
export type { RunResult } from './run.ts'
export { FaultProxy, type Seen } from './s3/fault-proxy.ts'
export { nameStoreOn, type ObjectStore, startObjectStore, storeNames } from './s3/object-store.ts'
