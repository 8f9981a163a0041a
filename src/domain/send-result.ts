/** What became of something sent. Only after `sent` and `doubtful` may the person have it. */
export type SendResult =
  | { status: "sent" }
  | { status: "refused"; reason: RefusedReason }
  /** Nothing was sent; the whole channel is asked to wait. */
  | { status: "retry-after"; seconds: number }
  /** It left and no answer came, or only a part of it was sent: never sent again by itself. */
  | { status: "doubtful" }
  /** Nothing was sent: no connection, or the platform does not accept our token. */
  | { status: "unreachable"; why: "network" | "token" };

/** `blocked` and `gone` end a subscription; `rejected` says that this message is not accepted. */
export type RefusedReason = "blocked" | "gone" | "rejected";
