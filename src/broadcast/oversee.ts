import { type Broadcast, type Broadcasts, type Tally, totalOf } from "../domain/broadcast.ts";
import { isStoreUnavailable } from "../domain/store.ts";
import { isQuiet } from "../domain/quiet-hours.ts";
import { hasWaitedLongOnPage, PAGE, stageOf } from "./schedule.ts";
import { finish, halt, lapse, start } from "./transitions.ts";

/** What happened to a broadcast that staff are told of. `pushed`: everybody but those who have to open the page. */
export type Happened = "started" | "started-quiet" | "pushed" | "halted" | "finished";

export type OverseeOptions = {
  store: Broadcasts;
  now: () => Date;
  onHappened: (what: Happened, broadcast: Broadcast) => void;
};

/**
 * Begins what is due, halts what is late, ends what is over. Everything is judged by how broadcast and rows stand, never by when it was last
 * looked at, so a look may be missed, repeated, or come after a restart.
 */
export function createOverseer({ store, now, onHappened }: OverseeOptions): {
  look(): Promise<void>;
} {
  const pushed = new Set<string>();

  async function lookAt(broadcast: Broadcast): Promise<void> {
    switch (broadcast.status) {
      case "released":
        await lookAtReleased(broadcast);
        return;
      case "stopped":
      case "halted":
        if (stageOf(broadcast, now()) === "expired") await end(broadcast);
        return;
      case "submitted":
        if (stageOf(broadcast, now()) === "expired") await store.change(broadcast.id, lapse());
        return;
      case "freezing":
      case "replaced":
      case "finished":
        return;
    }
  }

  async function lookAtReleased(broadcast: Broadcast): Promise<void> {
    const at = now();
    switch (stageOf(broadcast, at)) {
      case "not-yet":
        return;
      case "late": {
        const halted = await store.change(broadcast.id, halt("late", at));
        if (halted !== null) onHappened("halted", halted);
        return;
      }
      case "due": {
        const started = await store.change(broadcast.id, start(at));
        if (started === null) return;
        const waits = isQuiet(at) && broadcast.urgent === null;
        onHappened(waits ? "started-quiet" : "started", started);
        return;
      }
      case "expired":
        await end(broadcast);
        return;
      case "under-way":
        if (hasWaitedLongOnPage(broadcast, at)) {
          await store.turnAll(broadcast.id, PAGE, { from: ["waiting"], to: "expired" });
        }
        await finishIfDone(broadcast);
    }
  }

  /** Too late for those who still wait. */
  async function end(broadcast: Broadcast): Promise<void> {
    await store.turnAll(broadcast.id, null, { from: ["waiting"], to: "expired" });
    await finishIfDone(broadcast);
  }

  async function finishIfDone(broadcast: Broadcast): Promise<void> {
    const { id } = broadcast;
    const tallies = store.tallies(id);
    const open = Object.entries(tallies).filter(([, tally]) => tally.waiting + tally.claimed > 0);
    if (open.length > 0) {
      const onlyPages = open.every(([channel]) => channel === PAGE);
      const hasOthers = Object.keys(broadcast.people).some((channel) => channel !== PAGE);
      if (onlyPages && hasOthers && !pushed.has(id)) {
        pushed.add(id);
        onHappened("pushed", broadcast);
      }
      return;
    }
    pushed.delete(id);
    // One that expired ends as it is: the report says that rows are missing. Read together with the sums: people who go on in another
    // channel change both.
    const agrees = sumsAgree(store.broadcast(id) ?? broadcast, tallies);
    if (broadcast.halted !== "sums" && !agrees) {
      const halted = await store.change(id, halt("sums", now()));
      if (halted !== null) onHappened("halted", halted);
      return;
    }
    const finished = await store.change(id, finish(tallies, now()));
    if (finished !== null) onHappened("finished", finished);
  }

  return {
    async look() {
      for (const broadcast of store.broadcasts()) {
        try {
          await lookAt(broadcast);
        } catch (error) {
          // The next look finds everything as it stands.
          if (!isStoreUnavailable(error)) throw error;
        }
      }
    },
  };
}

/** Rule 4: everybody on the frozen list stands somewhere. */
function sumsAgree({ people }: Broadcast, tallies: Record<string, Tally>): boolean {
  return Object.entries(people).every(([channel, count]) => {
    const tally = tallies[channel];
    return tally !== undefined && totalOf(tally) === count;
  });
}
