/** Command line flags of a component, without the leading dashes. */
export type ServiceFlags = Readonly<Record<string, string>>

/** The part of a service's configuration that users add flags with. */
export interface FlagOverrides {
  readonly extraArgs?: Readonly<Record<string, string>> | undefined
  readonly extraArgsArray?: Readonly<Record<string, readonly string[] | null>> | undefined
}

/**
 * Merges layers of flags, later ones winning, as the version's service options are merged: an empty value
 * takes the flag away.
 */
export function withOptions(flags: ServiceFlags, options: ServiceFlags): ServiceFlags {
  const merged: Record<string, string> = { ...flags }
  for (const [flag, value] of Object.entries(options)) {
    if (value === '') delete merged[flag]
    else merged[flag] = value
  }
  return merged
}

/** Flags as arguments, sorted by name; then every value of `extra_args_array`, which adds and never replaces. */
export function renderFlags(flags: ServiceFlags, overrides: FlagOverrides): readonly string[] {
  const merged = { ...flags, ...overrides.extraArgs }
  return [
    ...Object.keys(merged)
      .sort()
      .map((flag) => `--${flag}=${merged[flag]}`),
    ...Object.entries(overrides.extraArgsArray ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([flag, values]) => (values ?? []).map((value) => `--${flag}=${value}`)),
  ]
}

/** Trimmed, without empty and repeated entries; the first of equals stays. */
export function tidy(entries: readonly string[]): readonly string[] {
  return [...new Set(entries.map((entry) => entry.trim()).filter((entry) => entry !== ''))]
}
