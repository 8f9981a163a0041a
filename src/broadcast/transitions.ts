import type { Act, ActKind, Broadcast, HaltReason, Tally } from "../domain/broadcast.ts";

/** Where a broadcast goes from where it stands, or null when it cannot go there from here. */
export type Transition = (current: Broadcast) => Broadcast | null;

type Doer = { by: string | null; at: Date };

/** Null when it is not the submitted version, or is the releaser's own. */
export function release(doer: Doer & { by: string }): Transition {
  return (current) =>
    current.status === "submitted" && authorOf(current) !== doer.by
      ? { ...current, status: "released", acts: [...current.acts, act("released", doer)] }
      : null;
}

export function authorOf(broadcast: Broadcast): string | null {
  return broadcast.acts.find(({ did }) => did === "submitted")?.by ?? null;
}

/** The first row may go. */
export function start(at: Date): Transition {
  return (current) =>
    current.status === "released" && current.startedAt === null
      ? { ...current, startedAt: at, acts: [...current.acts, act("started", { by: null, at })] }
      : null;
}

export function stop(doer: Doer): Transition {
  return (current) =>
    current.status === "released"
      ? { ...current, status: "stopped", acts: [...current.acts, act("stopped", doer)] }
      : null;
}

/** From a stop or a halt back to sending. One that was late counts as started: staff said that it may go now. */
export function resume(doer: Doer): Transition {
  return (current) => {
    if (current.status !== "stopped" && current.status !== "halted") return null;
    const startedAt = current.halted === "late" ? doer.at : current.startedAt;
    const acts = [...current.acts, act("resumed", doer)];
    return { ...current, status: "released", halted: null, startedAt, acts };
  };
}

export function halt(why: HaltReason, at: Date): Transition {
  return (current) =>
    current.status === "released"
      ? {
          ...current,
          status: "halted",
          halted: why,
          acts: [...current.acts, act("halted", { by: null, at })],
        }
      : null;
}

/** Ends a broadcast whose rows all came to an end; `totals` are its sums. */
export function finish(totals: Record<string, Tally>, at: Date): Transition {
  return (current) => {
    if (!["released", "stopped", "halted"].includes(current.status)) return null;
    const acts = [...current.acts, act("finished", { by: null, at })];
    return { ...current, status: "finished", halted: null, endedAt: at, totals, acts };
  };
}

/** Staff looked at what a crash left half-sent. Sending it again opens a broadcast that was finished. */
export function decideDoubtful(
  did: "dismissed-doubtful" | "resent-doubtful",
  doer: Doer,
): Transition {
  return (current) => {
    const acts = [...current.acts, act(did, doer)];
    const reopens = did === "resent-doubtful" && current.status === "finished";
    return reopens
      ? { ...current, status: "released", endedAt: null, totals: null, acts }
      : {
          ...current,
          totals: did === "dismissed-doubtful" ? settled(current.totals) : current.totals,
          acts,
        };
  };
}

/** The sums at the end, its doubtful ones dismissed: the rows they came from are gone after a month. */
function settled(totals: Broadcast["totals"]): Broadcast["totals"] {
  if (totals === null) return null;
  const tallies = Object.entries(totals).map(([channel, tally]): [string, Tally] => [
    channel,
    { ...tally, doubtful: 0, dismissed: tally.dismissed + tally.doubtful },
  ]);
  return Object.fromEntries(tallies);
}

/** It expired before anybody released it. */
export function lapse(): Transition {
  return (current) => (current.status === "submitted" ? { ...current, status: "replaced" } : null);
}

function act(did: ActKind, { by, at }: Doer): Act {
  return { did, by, at };
}
