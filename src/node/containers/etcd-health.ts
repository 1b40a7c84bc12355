/** etcd's word on itself: healthy only if the body's `health` is the string `true`. */
export function readEtcdHealth(status: number, body: string): { ok: boolean; detail: string } {
  try {
    const said: unknown = JSON.parse(body)
    if (typeof said === 'object' && said !== null && 'health' in said) {
      const reason = 'reason' in said && said.reason !== '' ? `: ${said.reason}` : ''
      return said.health === 'true'
        ? { ok: true, detail: 'healthy' }
        : { ok: false, detail: `etcd says it is not healthy${reason}` }
    }
  } catch {
    // Reported below, as text.
  }
  return { ok: false, detail: `status ${status}: ${body.trim().slice(0, 200)}` }
}
