/** What a script learns from the exit code alone: docs/cli.md is compared with this by a test. */
export const EXIT_CODES = {
  done: { code: 0, meaning: 'All is well: every invoice cleared, or the question answered.' },
  notAll: {
    code: 1,
    meaning: 'Some invoices were refused, rejected, withdrawn or are held; or the doctor found a fault.',
  },
  usage: { code: 2, meaning: 'The command was not understood, or names files that are not there.' },
  unreachable: { code: 3, meaning: 'The API cannot be reached, or something else answers at its address.' },
  keyRefused: { code: 4, meaning: 'The key is missing, wrong, or may not do that.' },
  refused: { code: 5, meaning: 'The API refuses the call; "code" and the sentence beside it say why.' },
  underWay: {
    code: 6,
    meaning: 'Patience is over and wsad goes on by itself: ask again with status or report.',
  },
  interrupted: { code: 130, meaning: 'Stopped by Ctrl-C or a signal; what was handed in goes on.' },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly meaning: string }>>;

export type Ending = keyof typeof EXIT_CODES;
