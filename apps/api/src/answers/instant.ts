export function instantOf(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
