import type { Act, Broadcast, Broadcasts, Draft } from "../src/domain/broadcast.ts";
import { MORNING } from "./store-people.ts";

export const AUTHOR = "telegram:1";
export const APPROVER = "telegram:2";

/** An announcement for everybody, good for a month. */
export function draftOf(id: string): Draft {
  return {
    id,
    notice: "2026-12-01-luong-huu",
    digest: "d1",
    title: "Lương hưu tăng",
    blocks: [
      { type: "heading", text: "Lương hưu tăng" },
      { type: "text", spans: [{ text: "Từ tháng sau lương hưu tăng." }] },
    ],
    audience: { everyone: true, fields: [], communes: [], channels: null },
    sendAt: null,
    expiresAt: new Date(MORNING.getTime() + 30 * 24 * 60 * 60 * 1000),
    urgent: null,
    corrects: null,
  };
}

export function anAct(): Act {
  return { did: "submitted", by: AUTHOR, at: MORNING };
}

export async function submitted(
  store: Pick<Broadcasts, "submit">,
  draft: Draft,
): Promise<Broadcast> {
  const broadcast = await store.submit(draft, anAct());
  if (broadcast === null) throw new Error(`expected ${draft.id} to be submitted`);
  return broadcast;
}
