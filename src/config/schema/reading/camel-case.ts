/** `extern_dynamic` → `externDynamic`: how the state file spells most keys of cluster.yml. */
export function camelCase(snake: string): string {
  return snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
