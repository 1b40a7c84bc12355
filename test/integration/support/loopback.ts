/** A loopback address of this process alone: another run of these tests may be under way on this box. */
export function ownAddress(last: number): string {
  return `127.${100 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 256}.${last}`
}
