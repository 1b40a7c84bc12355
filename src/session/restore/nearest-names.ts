import { editDistance } from '../../edit-distance.ts'

/** How many names are offered. */
const MOST = 3

/** Of some names those that are the most like another one, at most three; none that has hardly anything in common with it. */
export function nearestNames(name: string, among: readonly string[]): readonly string[] {
  return [...new Set(among)]
    .map((one) => ({ one, distance: editDistance(name, one) }))
    .filter(({ one, distance }) => distance < Math.max(name.length, one.length) * 0.5)
    .sort((a, b) => a.distance - b.distance || (a.one < b.one ? -1 : 1))
    .slice(0, MOST)
    .map(({ one }) => one)
}
