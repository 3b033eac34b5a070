/** KSeF's status service as wsad reads it. Its words are kept as they come: new ones must break nothing. */
export interface LatarniaMessage {
  /** Such as `K/2026/AWR/02`. */
  readonly id: string;
  readonly version: number;
  /** Messages on the same event share it. */
  readonly eventId: string | null;
  /** FAILURE, TOTAL_FAILURE, MAINTENANCE. */
  readonly category: string | null;
  /** FAILURE_START, FAILURE_END, MAINTENANCE_ANNOUNCEMENT. */
  readonly type: string | null;
  readonly title: string | null;
  readonly text: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly publishedAt: Date | null;
  /** It came with the status itself, so it is about now. */
  readonly inForce: boolean;
}

export interface LatarniaReading {
  readonly status: string;
  readonly messages: readonly LatarniaMessage[];
}
