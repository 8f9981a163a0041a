import { expect, test } from "vitest";
import type { Store } from "../src/domain/store.ts";
import { storeUnavailable } from "../src/store/unavailable.ts";
import { finish, start } from "../src/broadcast/transitions.ts";
import {
  APPROVER,
  AUTHOR,
  BOTH,
  CITIZEN,
  type Desk,
  noticeOf,
  openDesk,
  ORDINARY,
  PENSION,
} from "./staff-desk-setup.ts";
import { MORNING, person, unanswered } from "./store-people.ts";

test("who submits late in the day is told that the rest goes out in the morning", async () => {
  const desk = await openDesk(3, {
    reach: () => ({ telegram: { perSecond: 0.0001, closed: null } }),
  });
  desk.pass(7 * 60);
  const said = await desk.type(AUTHOR, `/trinh ${PENSION}`);
  expect(said).toContain("phần còn lại gửi từ 07:00 sáng hôm sau");
});

test("somebody who is not staff and types the commands gets the ordinary answer, and nothing changes", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  for (const command of [
    "/thongbao",
    `/xem ${code}`,
    `/thu ${code}`,
    `/trinh ${PENSION}`,
    `/duyet ${code} 3`,
    "/dung",
    `/tiep ${code}`,
    `/baocao ${code} gui lai`,
    "/chuatraloi",
  ]) {
    expect(await desk.type(CITIZEN, command), command).toBe(ORDINARY);
  }
  // The same number on another channel is somebody else.
  expect(await desk.type({ channel: "web", person: "2" }, "/thongbao")).toBe(ORDINARY);
  expect(desk.store.broadcast(code)?.acts).toHaveLength(1);
});

test("staff who ask what a citizen asks get the ordinary answer", async () => {
  const desk = await openDesk(3);
  expect(await desk.type(AUTHOR, "mẹ tôi 76 tuổi được gì")).toBe(ORDINARY);
  expect(await desk.type(AUTHOR, "/start")).toBe(ORDINARY);
  expect(await desk.type(AUTHOR, "/constructor")).toBe(ORDINARY);
  expect(await desk.type(AUTHOR, "thongbao")).toBe(ORDINARY);
});

test("what ends a citizen's own subscription ends that of staff too: only /dung is about announcements", async () => {
  const desk = await openDesk(3);
  const code = await desk.release();
  for (const word of ["/huy", "hủy", "dừng", "dung", "stop", "/chuyenkenh"]) {
    expect(await desk.type(AUTHOR, word), word).toBe(ORDINARY);
  }
  expect(desk.store.broadcast(code)?.status).toBe("released");
  expect(await desk.type(AUTHOR, "/dung")).toContain(`Đã dừng ${code}`);
});

test("a command may be written in capitals and name the bot", async () => {
  const desk = await openDesk(3);
  expect(await desk.type(AUTHOR, "/ThongBao@an_sinh_bot")).toContain(`${PENSION}: Tin`);
});

test("an announcement is submitted by one, approved by another with count and code, and then sent", async () => {
  const desk = await openDesk(3);
  const said = await desk.type(AUTHOR, `/trinh ${PENSION}`);
  const code = /TB[0-9A-Z]{5}/.exec(said)?.[0] ?? "";
  expect(code).toMatch(/^TB[23456789ABCDEFGHJKMNPQRSTVWXYZ]{5}$/);
  expect(said).toContain("3 người (Telegram 3)");
  expect(said).toContain(`/duyet ${code} 3`);
  const digits = await desk.askCode(code, 3);
  expect(desk.wakes()).toBe(0);
  const released = await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`);
  expect(released).toContain(`Đã duyệt ${code}: gửi ngay.`);
  expect(desk.wakes()).toBe(1);
  expect(desk.store.broadcast(code)).toMatchObject({
    status: "released",
    blocks: [{ text: `Tin ${PENSION}` }, { spans: [{ text: `Mã tin ${code}` }] }],
    acts: [
      { did: "submitted", by: "telegram:1", at: MORNING },
      { did: "released", by: "telegram:2", at: MORNING },
    ],
  });
});

test("rule 5: releasing twice says that it is already released, with the same code or a new request", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  const digits = await desk.askCode(code, 3);
  const both = await Promise.all([
    desk.type(APPROVER, `/duyet ${code} 3 ${digits}`),
    desk.type(APPROVER, `/duyet ${code} 3 ${digits}`),
  ]);
  expect(both.filter((said) => said.startsWith("Đã duyệt"))).toHaveLength(1);
  for (const said of [
    both.find((one) => !one.startsWith("Đã duyệt")),
    await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`),
    await desk.type(BOTH, `/duyet ${PENSION} 3`),
    await desk.type(AUTHOR, `/trinh ${PENSION}`),
  ]) {
    expect(said).toContain(`đã được duyệt với mã ${code}`);
  }
  expect(desk.wakes()).toBe(1);
  expect(desk.store.broadcasts()).toHaveLength(1);
});

test("rule 5: nobody approves their own announcement", async () => {
  const desk = await openDesk(3);
  await desk.type(BOTH, `/trinh ${PENSION}`);
  expect(await desk.type(BOTH, `/duyet ${PENSION} 3`)).toContain("của chính mình");
});

test("an old version is not approved, by its own code or with its six digits", async () => {
  const desk = await openDesk(3);
  const first = await desk.submit();
  const digits = await desk.askCode(first, 3);
  const second = await desk.submit();
  expect(desk.store.broadcast(second)?.version).toBe(2);
  expect(await desk.type(APPROVER, `/duyet ${first} 3 ${digits}`)).toContain(
    `Đã có bản 2 mới hơn, mã ${second}`,
  );
  expect(await desk.type(APPROVER, `/duyet ${PENSION} 3 ${digits}`)).toContain(
    "Đã có bản 2 mới hơn",
  );
  expect(desk.store.released()).toEqual([]);
});

test("rule 5: a wrong number of people gives no code and releases nothing", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  for (const count of ["4", "0", "-3", "3,0", "ba", "03.00", "3e0"]) {
    expect(await desk.type(APPROVER, `/duyet ${code} ${count}`), count).toContain(
      "Số người không khớp",
    );
  }
  const digits = await desk.askCode(code, 3);
  expect(await desk.type(APPROVER, `/duyet ${code} 4 ${digits}`)).toContain("Số người không khớp");
  expect(desk.store.released()).toEqual([]);
});

test("the third wrong code ends it, even when the right one comes after", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  const digits = await desk.askCode(code, 3);
  const wrong = digits === "111111" ? "222222" : "111111";
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${wrong}`)).toContain("còn 2 lần");
  expect(await desk.type(APPROVER, `/duyet ${code} 3 mã`)).toContain("còn 1 lần");
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${wrong}`)).toContain("Sai mã duyệt ba lần");
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`)).toContain("Chưa có mã duyệt");
  expect(desk.store.released()).toEqual([]);
});

test("a code is good for its approver only", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  const digits = await desk.askCode(code, 3);
  expect(await desk.type(BOTH, `/duyet ${code} 3 ${digits}`)).toContain("Chưa có mã duyệt");
});

test("a code is good for ten minutes", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  const late = await desk.askCode(code, 3);
  desk.pass(10);
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${late}`)).toContain("quá 10 phút");
  const digits = await desk.askCode(code, 3);
  desk.pass(9.9);
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`)).toContain("Đã duyệt");
});

test("a clock that was set back makes a code void", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  const digits = await desk.askCode(code, 3);
  desk.pass(-1);
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`)).toContain("chỉnh lùi");
  desk.pass(2);
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`)).toContain("Chưa có mã duyệt");
});

test("a file that was deleted or edited after submission is not released", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  const digits = await desk.askCode(code, 3);
  desk.notices.set(PENSION, noticeOf(PENSION, { title: "Tin sửa" }));
  const edited = await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`);
  expect(edited).toContain("đã sửa sau khi trình");
  desk.notices.delete(PENSION);
  const deleted = await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`);
  expect(deleted).toContain("không còn");
  expect(desk.store.released()).toEqual([]);
  expect(await desk.type(AUTHOR, "/thongbao")).toContain("tệp không còn");
});

test("without recipients nothing is submitted", async () => {
  const desk = await openDesk(0);
  expect(await desk.type(AUTHOR, `/trinh ${PENSION}`)).toContain("Không có ai");
  expect(desk.store.broadcasts()).toEqual([]);
});

test("without an office nothing is released, but in a demonstration", async () => {
  const real = await openDesk(3, { office: () => null });
  const code = await real.submit();
  expect(await real.type(APPROVER, `/duyet ${code} 3`)).toContain("don_vi");
  const demo = await openDesk(3, { office: () => null, isDemo: true });
  await demo.release();
  expect(demo.store.released()).toHaveLength(1);
});

test("an expired announcement is neither submitted nor released", async () => {
  const desk = await openDesk(3);
  const code = await desk.submit();
  const digits = await desk.askCode(code, 3);
  desk.notices.set("cu", noticeOf("cu", { expiresAt: MORNING.toISOString() }));
  expect(await desk.type(AUTHOR, "/trinh cu")).toContain("hết hạn");
  desk.pass(31 * 24 * 60);
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`)).toContain("hết hạn");
  expect(await desk.type(AUTHOR, "/thongbao")).toContain("hết hạn, chưa gửi");
});

test("a correction goes to nobody before the other announcement was sent, and names it after", async () => {
  const desk = await openDesk(3);
  desk.notices.set("sua", noticeOf("sua", { corrects: PENSION }));
  expect(await desk.type(AUTHOR, "/trinh sua")).toContain("chưa gửi lần nào");
  const code = await desk.release();
  expect(await desk.type(AUTHOR, "/trinh sua")).toContain(`/dung ${code}`);
  await settleAll(desk.store, code, "sent");
  const said = await desk.type(AUTHOR, "/trinh sua");
  expect(said).toContain("3 người");
  expect(await desk.type(AUTHOR, "/xem sua")).toContain(`sửa ${code}`);
});

test("what is being sent is stopped before it is corrected, and goes to nobody after it", async () => {
  const desk = await openDesk(3);
  const code = await desk.release();
  await desk.store.change(code, start(MORNING));
  const sent = await desk.store.claim(code, "telegram");
  if (sent === null) throw new Error("expected a row");
  await desk.store.turn(sent.delivery, { from: ["claimed"], to: "sent" });
  desk.notices.set("sua", noticeOf("sua", { corrects: PENSION }));
  expect(await desk.type(AUTHOR, "/trinh sua")).toContain(`/dung ${code}`);
  await desk.type(AUTHOR, `/dung ${code}`);
  expect(await desk.type(AUTHOR, "/trinh sua")).toContain("1 người");
  expect(await desk.type(APPROVER, `/tiep ${code}`)).toContain("đã có đính chính");
  expect(desk.store.broadcast(code)?.status).toBe("stopped");
});

test("staff cannot do what their role does not say", async () => {
  const desk = await openDesk(3);
  expect(await desk.type(APPROVER, `/trinh ${PENSION}`)).toBe("Việc này cần vai soạn.");
  const code = await desk.release();
  for (const command of [
    `/duyet ${code} 3`,
    `/tiep ${code}`,
    `/baocao ${code} bo qua`,
    `/baocao ${code} gui lai`,
  ]) {
    expect(await desk.type(AUTHOR, command), command).toBe("Việc này cần vai duyệt.");
  }
});

test("any of the staff stops one, or all, and an approver lets it go on", async () => {
  const desk = await openDesk(3);
  desk.notices.set("hai", noticeOf("hai"));
  const one = await desk.release();
  const two = await desk.release("hai");
  expect(await desk.type(AUTHOR, `/dung ${one}`)).toContain(`Đã dừng ${one}, còn 3 người chờ`);
  expect(await desk.type(AUTHOR, `/dung ${one}`)).toContain("không có gì để dừng");
  expect(await desk.type(APPROVER, `/tiep ${one}`)).toContain(`Gửi tiếp ${one}, còn 3 người chờ`);
  const all = await desk.type(AUTHOR, "/dung");
  expect(all).toContain(`Đã dừng ${one}`);
  expect(all).toContain(`Đã dừng ${two}`);
  expect(desk.store.released()).toEqual([]);
  expect(desk.store.broadcast(one)?.acts.map(({ did, by }) => `${did} ${by}`)).toEqual([
    "submitted telegram:1",
    "released telegram:2",
    "stopped telegram:1",
    "resumed telegram:2",
    "stopped telegram:1",
  ]);
  expect(await desk.type(AUTHOR, "/dung")).toContain("Không có thông báo nào đang gửi");
});

test("a test send is the very text a citizen gets, to oneself", async () => {
  const desk = await openDesk(3);
  const before = await desk.reply(AUTHOR, `/thu ${PENSION}`);
  expect(before.blocks).toHaveLength(2);
  const code = await desk.submit();
  const after = await desk.reply(APPROVER, `/thu ${code}`);
  expect(after.blocks).toEqual(desk.store.broadcast(code)?.blocks);
});

test("a look shows text, people, times and the next command", async () => {
  const desk = await openDesk(3);
  desk.notices.set(
    "tin-hen",
    noticeOf("tin-hen", {
      sendAt: "2026-11-26T01:00:00Z",
      urgent: "bão",
      audience: { everyone: true, fields: [], communes: [], channels: ["telegram", "zalo-oa"] },
    }),
  );
  const said = await desk.type(AUTHOR, "/xem tin-hen");
  for (const part of [
    "TIN TIN-HEN",
    "Chưa trình",
    "Gửi tới: tất cả người đăng ký",
    "Số người: 3 (Telegram 3)",
    "Giờ gửi: 08:00 26/11/2026",
    "Khẩn vì: bão",
    "Không gửi được: Zalo OA: 0 người, kênh chưa được cài đặt.",
    "Thời gian gửi: dưới một phút.",
    "Tiếp theo: người soạn gõ /trinh tin-hen",
  ]) {
    expect(said).toContain(part);
  }
});

test("a notice is found by its code or a beginning that fits no other, never by a path", async () => {
  const desk = await openDesk(3);
  desk.notices.set("2026-12-02-bao-hiem", noticeOf("2026-12-02-bao-hiem"));
  const code = await desk.submit();
  expect(await desk.type(AUTHOR, `/xem ${code.toLowerCase()}`)).toContain("Bản 1 đã chốt");
  expect(await desk.type(AUTHOR, "/xem 2026-12-01")).toContain("Bản 1 đã chốt");
  const ambiguous = await desk.type(AUTHOR, "/xem 2026-12");
  expect(ambiguous).toContain(`có thể là: 2026-12-02-bao-hiem, ${PENSION}`);
  for (const typed of ["../../etc/passwd", "__proto__", "*", "%2e%2e"]) {
    expect(await desk.type(AUTHOR, `/xem ${typed}`)).toContain(`Không có thông báo "${typed}"`);
  }
  expect(await desk.type(AUTHOR, `/xem ${"a".repeat(5_000)}`)).toContain("dài quá");
  expect(await desk.type(AUTHOR, "/xem")).toContain("Gõ: /xem");
});

test("the list is newest first, ten at most, and says where each stands", async () => {
  const desk = await openDesk(3);
  for (let day = 10; day < 20; day += 1) {
    const id = `2026-12-${day}-tin`;
    desk.notices.set(id, noticeOf(id));
  }
  const code = await desk.release("2026-12-19-tin");
  const said = await desk.type(AUTHOR, "/thongbao");
  const lines = said.split("\n").filter((line) => line.startsWith("- "));
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe(`- 2026-12-19-tin: Tin 2026-12-19-tin. đang gửi 0/3 (${code})`);
  expect(lines[1]).toContain("chưa trình");
  expect(said).toContain("Còn 1 thông báo cũ hơn.");
});

test("a report counts everybody; who is doubtful is passed over or sent to again only when an approver says so", async () => {
  const desk = await openDesk(3);
  const code = await desk.release();
  await claimOne(desk.store, code, "sent");
  await claimOne(desk.store, code, "doubtful");
  await claimOne(desk.store, code, "doubtful");
  await desk.store.change(code, finish(desk.store.tallies(code), MORNING));
  const said = await desk.type(AUTHOR, `/baocao ${code}`);
  expect(said).toContain("Telegram: 1 đã gửi, 2 chưa rõ đã nhận chưa");
  expect(said).toContain("Kết thúc: 25/11 08:00");
  expect(said).toContain("25/11 08:00 duyệt: telegram:2");
  const doubtful = desk.store.deliveries(code).filter(({ status }) => status === "doubtful");
  for (const { person: key } of doubtful) expect(said).toContain(`- ${key.slice(0, 6)} Telegram`);

  expect(await desk.type(APPROVER, `/baocao ${code} gửi lại`)).toContain("gửi lại cho 2 người");
  expect(desk.store.broadcast(code)?.status).toBe("released");
  expect(desk.store.tallies(code)["telegram"]?.waiting).toBe(2);
  await claimOne(desk.store, code, "doubtful");
  expect(await desk.type(APPROVER, `/baocao ${code} bỏ qua`)).toContain("cho qua 1 người");
  expect(await desk.type(APPROVER, `/baocao ${code} bo qua`)).toContain("Không có ai");
  expect(desk.store.broadcast(code)?.acts.at(-1)).toMatchObject({
    did: "dismissed-doubtful",
    by: "telegram:2",
  });
});

test("sums taken at the end follow when the doubtful ones are passed over", async () => {
  const desk = await openDesk(1);
  const code = await desk.release();
  await claimOne(desk.store, code, "doubtful");
  await desk.store.change(code, finish(desk.store.tallies(code), MORNING));
  await desk.type(APPROVER, `/baocao ${code} bo qua`);
  const totals = desk.store.broadcast(code)?.totals;
  expect(totals).toEqual(desk.store.tallies(code));
  expect(totals?.["telegram"]).toMatchObject({ doubtful: 0, dismissed: 1 });
});

test("a report of what people get on the page says that they are waited for", async () => {
  const desk = await openDesk(1);
  await desk.store.subscribe(
    { channel: "web", person: "w" },
    { topics: [{ type: "all" }], since: MORNING, consent: "1" },
  );
  const broadcast = await desk.submit();
  const digits = await desk.askCode(broadcast, 2);
  await desk.type(APPROVER, `/duyet ${broadcast} 2 ${digits}`);
  expect(await desk.type(AUTHOR, `/baocao ${broadcast}`)).toContain(
    "Trang web: 1 chờ người mở trang",
  );
});

test("when nothing can be written it says that nothing was done", async () => {
  let isFull = false;
  const unlessFull = <T>(write: () => Promise<T>): Promise<T> =>
    isFull ? Promise.reject(storeUnavailable("disk full")) : write();
  const desk = await openDesk(3, {}, (store) => ({
    ...store,
    submit: (draft, act) => unlessFull(() => store.submit(draft, act)),
    change: (id, decide) => unlessFull(() => store.change(id, decide)),
    turnAll: (id, channel, turn) => unlessFull(() => store.turnAll(id, channel, turn)),
  }));
  isFull = true;
  expect(await desk.type(AUTHOR, `/trinh ${PENSION}`)).toContain("chưa làm gì cả");
  isFull = false;
  const code = await desk.submit();
  const digits = await desk.askCode(code, 3);
  isFull = true;
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`)).toContain("chưa làm gì cả");
  isFull = false;
  // The code was not used up.
  expect(await desk.type(APPROVER, `/duyet ${code} 3 ${digits}`)).toContain("Đã duyệt");
  isFull = true;
  expect(await desk.type(AUTHOR, "/dung")).toContain(`CHƯA dừng được ${code}`);
  expect(await desk.type(APPROVER, `/baocao ${code} gui lai`)).toContain("Chưa ghi được");
  expect(await desk.type(AUTHOR, "/thongbao")).toContain(code);
});

test("staff see which questions could not be answered, the most frequent first", async () => {
  const desk = await openDesk(0);
  expect(await desk.type(AUTHOR, "/chuatraloi")).toContain("Chưa có câu hỏi nào");
  await desk.store.recordUnanswered(unanswered("khủng long ăn gì"));
  await desk.store.recordUnanswered(unanswered("mua ghe cũ ở đâu"));
  await desk.store.recordUnanswered(unanswered("mua ghe cu o dau?"));
  const said = await desk.type(AUTHOR, "/chuatraloi");
  expect(said).toContain("3 câu chưa trả lời được, 2 nhóm");
  expect(said.indexOf("mua ghe")).toBeLessThan(said.indexOf("khủng long"));
});

test("a start at night or far past its time is told to the approver", async () => {
  const desk = await openDesk(3);
  desk.pass(14 * 60);
  const night = await approve(desk, PENSION);
  expect(night).toContain("hết giờ yên lặng (07:00)");
  desk.notices.set("tre", noticeOf("tre", { sendAt: MORNING.toISOString() }));
  expect(await approve(desk, "tre")).toContain("giờ hẹn đã qua hơn 30 phút");
});

async function approve(desk: Desk, id: string): Promise<string> {
  const code = await desk.submit(id);
  const digits = await desk.askCode(code, 3);
  return desk.type(APPROVER, `/duyet ${code} 3 ${digits}`);
}

async function claimOne(store: Store, broadcast: string, to: "sent" | "doubtful"): Promise<void> {
  const claimed = await store.claim(broadcast, person("").channel);
  if (claimed === null) throw new Error("expected somebody to wait");
  await store.turn(claimed.delivery, { from: ["claimed"], to });
}

async function settleAll(store: Store, broadcast: string, to: "sent"): Promise<void> {
  await store.turnAll(broadcast, null, { from: ["waiting"], to });
}

test("anybody may ask for the code of their own chat, where staff can be", async () => {
  const desk = await openDesk(0);
  expect(await desk.type(CITIZEN, "/id")).toContain(`${CITIZEN.channel}:${CITIZEN.person}`);
  expect(await desk.type({ channel: "web", person: "2" }, "/id")).toBe(ORDINARY);
});
