/** Whose data the caller may see: every query of an outsider takes it. */
export type VisibleSellers = 'all' | readonly string[];

/** As a parameter of `VISIBLE`: null lets everything through. */
export function visibleNips(sellers: VisibleSellers): readonly string[] | null {
  return sellers === 'all' ? null : sellers;
}
