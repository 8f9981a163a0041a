import fc from "fast-check";
import { expect, test } from "vitest";
import {
  durationInWords,
  expectedSeconds,
  sendingInWords,
  unreachable,
} from "../src/broadcast/reach.ts";
import {
  deliveriesCsv,
  progressBar,
  progressOf,
  reportLines,
  sumOfTallies,
} from "../src/broadcast/report.ts";
import {
  type Broadcast,
  type Delivery,
  EMPTY_TALLY,
  type Tally,
  totalOf,
} from "../src/domain/broadcast.ts";
import { anAct, draftOf } from "./broadcast-drafts.ts";
import { MORNING } from "./store-people.ts";

const counts = fc.nat({ max: 100_000 });

const tally: fc.Arbitrary<Tally> = fc.record({
  waiting: counts,
  claimed: counts,
  sent: counts,
  doubtful: counts,
  left: counts,
  expired: counts,
  dismissed: counts,
  refused: fc.record({
    blocked: counts,
    gone: counts,
    rejected: counts,
    "out-of-window": counts,
    capped: counts,
  }),
});

function broadcastOf(changes: Partial<Broadcast>): Broadcast {
  return {
    ...draftOf("TB7K3FQ"),
    version: 1,
    status: "released",
    halted: null,
    people: { telegram: 3 },
    startedAt: MORNING,
    endedAt: null,
    acts: [anAct()],
    totals: null,
    ...changes,
  };
}

test("no row is lost in the sums over all channels", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), tally), (tallies) => {
      const sum = sumOfTallies(tallies);
      const rows = Object.values(tallies).reduce((total, one) => total + totalOf(one), 0);
      expect(totalOf(sum)).toBe(rows);
      const { done, total } = progressOf(tallies);
      expect(total).toBe(rows);
      expect(total - done).toBe(sum.waiting + sum.claimed);
    }),
  );
});

test("a progress bar is full only when everything is done", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), fc.nat({ max: 1_000_000 }), (one, other) => {
      const done = Math.min(one, other);
      const total = Math.max(one, other);
      const bar = progressBar(done, total);
      expect(bar).toMatch(/^\[█*░*\] \d{1,3}% \d+\/\d+$/);
      expect(bar.indexOf("]")).toBe(21);
      expect(bar.includes(" 100% ")).toBe(done === total);
      expect(bar.includes("░")).toBe(done !== total);
    }),
  );
  expect(progressBar(60, 120)).toBe("[██████████░░░░░░░░░░] 50% 60/120");
});

test("a report names every kind of end, in words, and what does not add up", () => {
  const telegram = {
    ...EMPTY_TALLY,
    sent: 5,
    left: 1,
    expired: 2,
    refused: { ...EMPTY_TALLY.refused, blocked: 1, gone: 1, rejected: 1 },
  };
  const lines = reportLines(
    broadcastOf({ status: "halted", halted: "refusals", people: { telegram: 12 } }),
    { telegram },
    [],
    MORNING,
  );
  expect(lines).toContain(
    "Telegram: 5 đã gửi, 3 bị từ chối (1 đã chặn, 1 tài khoản không còn, 1 kênh không nhận tin này), 1 đã hủy đăng ký, 2 hết hạn trước khi nhận",
  );
  expect(lines).toContain("Trạng thái: tự dừng ở 11/11 vì quá nhiều người không nhận được");
  expect(lines).toContain("Chú ý: danh sách chốt 12 người nhưng có 11 dòng.");
});

test("a report lists twenty of the doubtful ones and says how many more there are", () => {
  const doubtful = Array.from({ length: 25 }, (_, index): Delivery => ({
    broadcast: "TB7K3FQ",
    channel: "telegram",
    person: `key${index}-and-more`,
    status: "doubtful",
    reason: null,
    at: MORNING,
  }));
  const lines = reportLines(broadcastOf({}), {}, doubtful, MORNING);
  expect(lines.filter((line) => line.includes("Telegram 25/11 08:00"))).toHaveLength(20);
  expect(lines).toContain("- key0-a Telegram 25/11 08:00");
  expect(lines).toContain("… và 5 người nữa");
});

test("how long it takes is told by the slowest channel that sends", () => {
  const reach = {
    telegram: { perSecond: 20, closed: null },
    "zalo-bot": { perSecond: 1, closed: "hết hạn mức tháng" },
    web: { perSecond: null, closed: null },
  };
  expect(expectedSeconds({ telegram: 1_201, "zalo-bot": 900, web: 90_000 }, reach)).toBe(61);
  expect(expectedSeconds({}, reach)).toBe(0);
  expect(durationInWords(61)).toBe("khoảng 2 phút");
  expect(durationInWords(7_800)).toBe("khoảng 2 giờ 10 phút");
  expect(durationInWords(7_200)).toBe("khoảng 2 giờ");
  expect(unreachable({ telegram: 1, "zalo-bot": 900 }, ["zalo-oa"], reach)).toEqual([
    "Zalo Bot: 900 người, hết hạn mức tháng",
    "Zalo OA: 0 người, kênh chưa được cài đặt",
  ]);
});

test("a send that runs into quiet hours says when the rest follows", () => {
  const at = (time: string) => new Date(`2026-11-25T${time}:00+07:00`);
  const hour = 60 * 60;
  const rest = "; 21:00 tạm nghỉ, phần còn lại gửi từ 07:00 sáng hôm sau";
  expect(sendingInWords(hour, at("20:00"), false)).toBe("khoảng 1 giờ");
  expect(sendingInWords(hour, at("20:01"), false)).toBe(`khoảng 1 giờ${rest}`);
  expect(sendingInWords(15 * hour, at("07:00"), false)).toBe(`khoảng 15 giờ${rest}`);
  expect(sendingInWords(hour, at("20:01"), true)).toBe("khoảng 1 giờ");
  for (const time of ["21:00", "23:59", "00:00", "06:59"]) {
    expect(sendingInWords(hour, at(time), false), time).toContain("tính từ 07:00");
  }
});

const cell = fc.oneof(
  fc.string(),
  fc.constantFrom("=1+1", "+84", "-1", "@SUM(A1)", '"', "a,b", "\r\n", "\t=1", "\r", "'="),
);

const delivery: fc.Arbitrary<Delivery> = fc.record({
  broadcast: cell,
  channel: cell,
  person: cell,
  status: fc.constantFrom("sent", "refused", "doubtful"),
  reason: fc.constantFrom(null, "blocked", "gone", "rejected"),
  at: fc.constant(MORNING),
});

test("a spreadsheet reads every row back as it was, and runs none of it", () => {
  fc.assert(
    fc.property(fc.array(delivery), (deliveries) => {
      const rows = readCsv(deliveriesCsv(deliveries));
      expect(rows[0]).toEqual(["ma_nguoi", "kenh", "trang_thai", "ly_do", "luc"]);
      expect(rows).toHaveLength(deliveries.length + 1);
      for (const [index, { person, channel }] of deliveries.entries()) {
        const cells = rows[index + 1] ?? [];
        expect(cells).toHaveLength(5);
        for (const text of cells) expect(text).not.toMatch(/^[=+\-@\t\r]/);
        expect(cells[0]?.replace(/^'(?=[=+\-@\t\r])/, "")).toBe(
          person.replace(/^'(?=[=+\-@\t\r])/, ""),
        );
        expect(cells[1]?.endsWith(channel)).toBe(true);
      }
    }),
  );
});

/** RFC 4180, read letter by letter. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (isQuoted) {
      if (letter !== '"') field += letter;
      else if (text.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"') isQuoted = true;
    else if (letter === ",") {
      row.push(field);
      field = "";
    } else if (letter === "\r" && text.charAt(at + 1) === "\n") {
      rows.push([...row, field]);
      row = [];
      field = "";
      at += 1;
    } else field += letter;
  }
  expect(field).toBe("");
  expect(row).toEqual([]);
  return rows;
}
