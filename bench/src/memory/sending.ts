/** What the sending process tells when it is done. */
import { z } from 'zod';

export const sendingLine = z.object({
  packageBytes: z.number(),
  parts: z.number(),
  elapsedMs: z.number(),
  peakBytes: z.number(),
  loopP99Ms: z.number(),
});

export type Sending = z.infer<typeof sendingLine>;
