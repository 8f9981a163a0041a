import { FACETS, type Facet, isFacet } from "./facet.ts";

/** What a button asks for. It holds everything needed, so that it still works after a restart. */
export type Action =
  | { do: "entitlement"; id: string; facet: Facet | null }
  | { do: "field"; id: string }
  | { do: "agency"; id: string }
  | { do: "commune"; code: string }
  | { do: "parameter"; id: string }
  | { do: "situation"; id: string }
  | { do: "clause"; id: string }
  /** Without a topic: which topics there are. */
  | { do: "subscribe"; topic: SubscriptionTopic | null }
  | { do: "unsubscribe" }
  | { do: "erase" }
  /** Was the answer what was meant? `about` is what was answered with: a page, a situation, an agency …; null in a button that does not say. */
  | { do: "feedback"; helpful: boolean; about: string | null }
  /** None of the choices offered is what was meant. */
  | { do: "declined" }
  | { do: "menu" }
  | { do: "help" }
  | { do: "human" };

/** What somebody wants to hear about: a field, everything, or what concerns their commune. */
export type SubscriptionTopic =
  | { type: "field"; id: string }
  | { type: "all" }
  | { type: "commune"; code: string };

/** Telegram's limit for callback data, in bytes. */
export const MAX_ACTION_BYTES = 64;

/** The longest id content may use: `e:` + id + `:` + a facet letter stays below the limit. */
export const MAX_ID_LENGTH = 40;

const ID = /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,39}$/;

/** An action as at most 64 ASCII bytes. */
export function encodeAction(action: Action): string {
  switch (action.do) {
    case "entitlement":
      return `e:${action.id}${action.facet === null ? "" : `:${FACETS.indexOf(action.facet)}`}`;
    case "field":
      return `f:${action.id}`;
    case "agency":
      return `a:${action.id}`;
    case "commune":
      return `c:${action.code}`;
    case "parameter":
      return `p:${action.id}`;
    case "situation":
      return `s:${action.id}`;
    case "clause":
      return `k:${action.id}`;
    case "subscribe":
      return action.topic === null ? "u" : `u:${topicCode(action.topic)}`;
    case "unsubscribe":
      return "x";
    case "erase":
      return "z";
    case "feedback": {
      const letter = action.helpful ? "y" : "w";
      return action.about === null ? letter : `${letter}:${action.about}`;
    }
    case "declined":
      return "d";
    case "menu":
      return "m";
    case "help":
      return "h";
    case "human":
      return "n";
  }
}

const ALL_TOPICS = "all";
const COMMUNE_PREFIX = "at.";

function topicCode(topic: SubscriptionTopic): string {
  if (topic.type === "all") return ALL_TOPICS;
  return topic.type === "commune" ? `${COMMUNE_PREFIX}${topic.code}` : topic.id;
}

function topicOf(code: string): SubscriptionTopic {
  if (code === ALL_TOPICS) return { type: "all" };
  if (code.startsWith(COMMUNE_PREFIX))
    return { type: "commune", code: code.slice(COMMUNE_PREFIX.length) };
  return { type: "field", id: code };
}

/** The action in a button's data, or nothing when it is not one of ours. */
export function decodeAction(code: string): Action | undefined {
  if (code === "m") return { do: "menu" };
  if (code === "h") return { do: "help" };
  if (code === "n") return { do: "human" };
  if (code === "u") return { do: "subscribe", topic: null };
  if (code === "x") return { do: "unsubscribe" };
  if (code === "z") return { do: "erase" };
  if (code === "d") return { do: "declined" };
  if (code === "y" || code === "w") return { do: "feedback", helpful: code === "y", about: null };
  const [letter, id, facetIndex, ...rest] = code.split(":");
  if (id === undefined || !ID.test(id) || rest.length > 0) return undefined;
  if (letter === "e") {
    if (facetIndex === undefined) return { do: "entitlement", id, facet: null };
    const facet = /^\d$/.test(facetIndex) ? FACETS[Number(facetIndex)] : undefined;
    return facet !== undefined && isFacet(facet) ? { do: "entitlement", id, facet } : undefined;
  }
  if (facetIndex !== undefined) return undefined;
  if (letter === "f") return { do: "field", id };
  if (letter === "a") return { do: "agency", id };
  if (letter === "c") return { do: "commune", code: id };
  if (letter === "p") return { do: "parameter", id };
  if (letter === "s") return { do: "situation", id };
  if (letter === "k") return { do: "clause", id };
  if (letter === "u") return { do: "subscribe", topic: topicOf(id) };
  if (letter === "y" || letter === "w") {
    return { do: "feedback", helpful: letter === "y", about: id };
  }
  return undefined;
}
