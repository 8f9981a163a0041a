/** What became of something sent. Only after `sent` and `doubtful` may the person have it. */
export type SendResult =
  | { status: "sent" }
  | { status: "refused"; reason: RefusedReason }
  /** Nothing was sent; the whole channel is asked to wait. */
  | { status: "retry-after"; seconds: number }
  /** It left and no answer came, or only a part of it was sent: never sent again by itself. */
  | { status: "doubtful" }
  /** Nothing was sent: no connection, the platform does not accept our token, or all that may be sent this month was sent. */
  | { status: "unreachable"; why: UnreachableReason };

export type UnreachableReason = "network" | "token" | "quota";

/**
 * `blocked` and `gone` end a subscription; `rejected` says that this message is not accepted; `out-of-window`: the person wrote too long ago for
 * the platform to let us write; `capped`: they have had as many as the platform allows for now.
 */
export const REFUSED_REASONS = ["blocked", "gone", "rejected", "out-of-window", "capped"] as const;

export type RefusedReason = (typeof REFUSED_REASONS)[number];
