import fc from "fast-check";
import { expect, test } from "vitest";
import { type Action, decodeAction, encodeAction, MAX_ACTION_BYTES } from "../src/domain/action.ts";
import { FACETS } from "../src/domain/facet.ts";

const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,39}$/);
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant("entitlement"), id, facet: fc.constantFrom(null, ...FACETS) }),
  fc.record({ do: fc.constantFrom("field", "agency", "parameter", "situation", "clause"), id }),
  fc.record({ do: fc.constant("commune"), code: fc.stringMatching(/^\d{5}$/) }),
  fc.record({ do: fc.constantFrom("menu", "help", "human", "unsubscribe", "erase", "declined") }),
  fc.record({
    do: fc.constant("feedback"),
    helpful: fc.boolean(),
    about: fc.oneof(fc.constant(null), id),
  }),
  fc.record({
    do: fc.constant("subscribe"),
    topic: fc.oneof(
      fc.constant(null),
      fc.constant({ type: "all" as const }),
      fc.record({ type: fc.constant("field"), id: id.filter((text) => text !== "all") }),
      fc.record({ type: fc.constant("commune"), code: fc.stringMatching(/^\d{5}$/) }),
    ),
  }),
);

test("every action fits into a button and comes back the same", () => {
  fc.assert(
    fc.property(action, (one) => {
      const code = encodeAction(one);
      expect(Buffer.byteLength(code)).toBeLessThanOrEqual(MAX_ACTION_BYTES);
      expect(decodeAction(code)).toEqual(one);
    }),
  );
});

test("buttons under messages of long ago still work", () => {
  expect(decodeAction("y")).toEqual({ do: "feedback", helpful: true, about: null });
  expect(decodeAction("w")).toEqual({ do: "feedback", helpful: false, about: null });
  expect(decodeAction("m")).toEqual({ do: "menu" });
});

test("anything else in a button is no action", () => {
  for (const code of [
    "",
    "q",
    "e:",
    "e:a:9",
    "e:a:1:2",
    "f:a:1",
    "e:../../etc",
    "m:1",
    "d:1",
    "w:a:1",
    "y:",
    "e:" + "a".repeat(41),
  ]) {
    expect(decodeAction(code)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.string(), (code) => {
      const decoded = decodeAction(code);
      expect(decoded === undefined ? code : encodeAction(decoded)).toBe(code);
    }),
  );
});
