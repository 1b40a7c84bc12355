import type { Action } from '../action.ts'

/** The service that an action on its container, or about its health, is about. */
export function serviceOf(action: Action): string | undefined {
  if (action.kind === 'container.restart' || action.kind === 'service.health') return action.name
  return 'container' in action ? action.container.name : undefined
}

/** Whether an action takes a service out of use, if it runs. */
export function stopsService(action: Action, service: string): boolean {
  const stops = action.kind === 'container.replace' || action.kind === 'container.restart'
  return stops && serviceOf(action) === service
}
