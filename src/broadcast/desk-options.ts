import type { Broadcast, Broadcasts } from "../domain/broadcast.ts";
import type { ContentBase } from "../domain/content-base.ts";
import type { Day } from "../domain/day.ts";
import type { Notice } from "../domain/notice.ts";
import type { Block } from "../domain/reply.ts";
import type { Staff } from "../domain/staff.ts";
import type { Unanswered } from "../domain/store.ts";
import type { Reach } from "./reach.ts";

export type StaffDeskOptions = {
  staff: Staff[];
  store: Broadcasts & { unanswered(): Unanswered[] };
  /** The announcements whose files are loaded and sound just now. */
  notices: () => Notice[];
  /** Names for who an announcement is meant for. */
  places: () => Pick<ContentBase, "fields" | "communes">;
  /** Everything a person reads of a notice on a day. */
  compose: (notice: Notice, day: Day, code: string, corrected: Broadcast | null) => Block[];
  /** Tells whether a notice's file still says the same. */
  digestOf: (notice: Notice) => string;
  /** The office that runs the bot; null: nothing is released but in a demonstration. */
  office: () => string | null;
  isDemo: boolean;
  /** Channels whose people can be staff: there `/id` tells anybody what to write into the settings. */
  staffChannels: () => string[];
  /** By channel; one that is not there is not set up. */
  reach: () => Record<string, Reach>;
  /** A number from 0 to below `below` that nobody can guess: `crypto.randomInt`. */
  randomInt: (below: number) => number;
  now: () => Date;
  /** Something may be sent now. */
  wake: () => void;
};

/** Who asks, and with what after the command. */
export type Asked = { by: Staff; words: string[] };
