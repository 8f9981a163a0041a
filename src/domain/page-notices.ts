import type { Address, Block } from "./reply.ts";

export type PageNotice = { id: string; blocks: Block[] };

/** Announcements for people who are not written to but come by: a row waits until the page says that it showed it. */
export type PageNotices = {
  /** What to show to somebody now, oldest first. Work grows with announcements, not with people. */
  waitingFor(from: Address): PageNotice[];
  /** The page showed it: it does not come again. Anything else that is said to have been shown changes nothing. */
  confirm(from: Address, id: string): Promise<void>;
  /** Calls `listen` whenever there may be something new for somebody; returns how to end that. */
  onNew(listen: () => void): () => void;
  isSubscribed(from: Address): boolean;
};
