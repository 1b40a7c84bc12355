import { execFileSync } from 'node:child_process'
import { ensureDocker, installPackages } from '../../testbed/index.ts'

/** A small image with a shell, made from the box's own static busybox; no registry is asked. Each process has its own. */
export const TEST_IMAGE = `rke-node-test/busybox:${process.pid}`

export async function makeTestImage(): Promise<void> {
  await ensureDocker()
  await installPackages(['busybox'], { busybox: 'busybox-static' })
  // One that loses its name would stay without one.
  removeTestImage()
  const script = `set -e; dir=$(mktemp -d); mkdir -p "$dir/bin"; cp "$(command -v busybox)" "$dir/bin/"
    for tool in $(busybox --list | grep -vx busybox); do ln -s busybox "$dir/bin/$tool"; done
    tar -C "$dir" -c . | docker import --change 'ENV FROM_IMAGE=1' --change 'VOLUME /data' - ${TEST_IMAGE}; rm -r "$dir"`
  execFileSync('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] })
}

export function removeTestImage(): void {
  execFileSync('docker', ['image', 'rm', '--force', TEST_IMAGE], { stdio: 'ignore' })
}
