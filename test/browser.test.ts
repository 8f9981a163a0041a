import { createServer as createProxy, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createAnswer } from "../src/answer/answer.ts";
import { inTurn } from "../src/answer/in-turn.ts";
import type { Action } from "../src/domain/action.ts";
import { noonOf } from "../src/domain/day.ts";
import type { Reply } from "../src/domain/reply.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { webGreeting } from "../src/web-greeting.ts";
import { realBrain, TODAY } from "./brain.ts";
import {
  answerOf,
  ask,
  browserIsHere,
  check,
  namelessControls,
  openChromium,
  openPhone,
  PHONE,
  SMALL_PHONE,
} from "./browser.ts";
import { type Announcements, pageAnnouncements } from "./page-announcements.ts";
import { echo, type Started, startServer } from "./web-server.ts";

const greet = () => ({
  blocks: [{ type: "text" as const, spans: [{ text: "Xin chào quý vị. Đây là bản thử nghiệm." }] }],
  buttons: [{ label: "Xem danh mục", action: { do: "menu" as const } }],
});

/** Everything that a reply may hold. */
async function everything(incoming: Parameters<typeof echo>[0]): Promise<Reply> {
  const reply = await echo(incoming);
  const judged = (helpful: boolean): Action => ({ do: "feedback", helpful, about: "luong-huu" });
  return {
    ...reply,
    feedback: {
      question: "Đúng ý không?",
      yes: { label: "Đúng ý", action: judged(true) },
      no: { label: "Chưa đúng ý", action: judged(false) },
    },
    blocks: [
      ...reply.blocks,
      { type: "list", ordered: true, items: [[{ text: "Điền tờ khai" }], [{ text: "Nộp" }]] },
      { type: "fields", rows: [{ label: "Điện thoại", value: "1900 9068" }] },
      {
        type: "text",
        spans: [
          { text: "Xem " },
          { text: "Cổng Dịch vụ công", url: "https://dichvucong.gov.vn" },
          {
            text: " hoặc <b>hỏi</b> Trungtâmphụcvụhànhchínhcôngxãphườngđặckhunơiquývịđangsinhsống",
          },
        ],
      },
    ],
  };
}

describe.skipIf(!browserIsHere())("in Chromium", () => {
  let browser: Awaited<ReturnType<typeof openChromium>>;
  const started: Started[] = [];

  beforeAll(async () => {
    browser = await openChromium();
  });

  afterAll(() => browser.close());

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });

  async function open(...options: Parameters<typeof startServer>): Promise<Started> {
    const [web, server] = options;
    const running = await startServer({ greet, ...web }, server);
    started.push(running);
    return running;
  }

  test("somebody asks, follows up, presses a heading and picks another by its number", async () => {
    const brain = await realBrain();
    const now = () => noonOf(TODAY);
    const answer = inTurn(createAnswer(() => brain, createMemoryStore(now)));
    const { url } = await open({ receive: answer, now, greet: () => webGreeting(brain.content) });
    const { page, complaints } = await openPhone(browser, url, { size: SMALL_PHONE });
    await page.getByText("bản thử nghiệm").waitFor();

    const first = await ask(page, "me toi 76 tuoi khong co luong huu thi duoc gi");
    expect(first).toContain("Trợ cấp hưu trí xã hội");
    expect(await ask(page, "nộp ở đâu")).toMatch(/nơi nộp/i);

    const choices = page.locator(".turn").last().getByRole("button");
    await choices.filter({ hasText: "Mức hưởng" }).click();
    const benefit = await answerOf(page, 2);
    expect(benefit).toMatch(/đồng/);

    const second = await page.locator(".turn").last().locator(".choice").nth(1).innerText();
    const byNumber = await ask(page, "2");
    expect(second).toMatch(/^2\. /);
    expect(byNumber.split("\n")[0]?.toLowerCase()).toContain(second.slice(3).toLowerCase());
    expect(complaints).toEqual([]);
  });

  test("“chưa đúng ý” is thanked for where it stands, and the question is kept for staff", async () => {
    const brain = await realBrain();
    const now = () => noonOf(TODAY);
    const store = createMemoryStore(now);
    const { url } = await open({ receive: inTurn(createAnswer(() => brain, store)), now });
    const { page, complaints } = await openPhone(browser, url, { size: SMALL_PHONE });
    const question = "me toi 76 tuoi khong co luong huu thi duoc gi";
    await ask(page, question);
    const second = await page.locator(".turn .choice").nth(1).innerText();

    await page.getByRole("group", { name: "Đúng ý không?" }).waitFor();
    const thumb = page.getByRole("button", { name: "Chưa đúng ý", exact: true });
    expect((await thumb.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await thumb.focus();
    expect(await check(page, "focusShows")).toBe(true);
    await page.keyboard.press("Enter");
    const outcome = page.getByRole("status").filter({ hasText: "xin lỗi" });
    expect(await outcome.innerText()).toContain("đã ghi lại câu hỏi");
    await expect
      .poll(() => outcome.evaluate("document.activeElement.matches('[role=status]')"))
      .toBe(true);
    expect(await page.getByRole("button", { name: "úng ý" }).count()).toBe(0);
    expect(await page.locator(".turn").count()).toBe(1);
    expect(store.unanswered()).toMatchObject([{ text: question, reason: "not-helpful" }]);

    const byNumber = await ask(page, "2");
    expect(byNumber.split("\n")[0]?.toLowerCase()).toContain(second.slice(3).toLowerCase());
    expect(complaints).toEqual([]);
  });

  test("a thumb that does not get through says so and can be pressed again", async () => {
    const { url, heard } = await open({ receive: everything });
    const { page } = await openPhone(browser, url);
    await ask(page, "lương hưu");
    await page.route("**/api/message", (route) => route.abort());
    const thumb = page.getByRole("button", { name: "Đúng ý", exact: true });
    await thumb.click();
    await page.getByText("Chưa gửi được ý kiến này").waitFor();
    await page.unroute("**/api/message");
    await thumb.click();
    await page.getByRole("status").filter({ hasText: "Đã nghe: nút feedback" }).waitFor();
    expect(heard).toHaveLength(2);
  });

  test("only the newest choices are numbered: those are the ones a typed number means", async () => {
    const { url } = await open();
    const { page } = await openPhone(browser, url);
    await ask(page, "lương hưu");
    expect(await page.locator(".number:visible").allInnerTexts()).toEqual(["1.", "2."]);
    await ask(page, "mức hưởng");
    expect(await page.locator(".number:visible").count()).toBe(2);
    expect(await page.locator(".choice:visible").count()).toBe(5);
  });

  test("what was typed and what was answered is shown as text, whatever it is", async () => {
    const { url } = await open();
    const { page, complaints } = await openPhone(browser, url);
    const wicked = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    expect(await ask(page, wicked)).toContain(wicked);
    expect(await page.locator(".turn img, .turn script").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("loads at most 60 KB, from nowhere else, and breaks no rule of its own", async () => {
    const { url } = await open();
    const { page, requested, bytes, complaints } = await openPhone(browser, url);
    expect(await bytes()).toBeLessThanOrEqual(60 * 1024);
    await ask(page, "lương hưu");
    expect([...requested]).toEqual([new URL(url).origin]);
    expect(complaints).toEqual([]);
  });

  test("says that it is sending, and while it does the next question can already be sent", async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const { url, heard } = await open({
      receive: async (incoming) => {
        await finished;
        return echo(incoming);
      },
    });
    const { page } = await openPhone(browser, url);
    const box = page.getByLabel("Câu hỏi của quý vị");
    await box.fill("câu một");
    await page.keyboard.press("Enter");
    await page.getByText("Đang gửi…").waitFor();
    await box.fill("câu hai");
    await page.keyboard.press("Enter");
    expect(heard).toHaveLength(1);
    finish();
    expect(await answerOf(page, 0)).toContain("câu một");
    expect(await answerOf(page, 1)).toContain("câu hai");
  });

  test("loses the server, says so, and sends again when told to", async () => {
    const server = await open();
    const { url } = server;
    const { page } = await openPhone(browser, url);
    await ask(page, "lương hưu");
    await server.stop();
    await page.getByLabel("Câu hỏi của quý vị").fill("mức hưởng");
    await page.keyboard.press("Enter");
    await page.getByText("Chưa gửi được").waitFor();
    await expect.poll(() => check(page, "retryIsInSight")).toBe(true);

    const again = await open({}, { port: Number(new URL(url).port) });
    await page.getByRole("button", { name: "Gửi lại" }).click();
    expect(await answerOf(page, 1)).toContain("Đã nghe: mức hưởng");
    expect(await page.getByRole("button", { name: "Gửi lại" }).count()).toBe(0);
    expect(again.heard).toHaveLength(1);
  });

  test("an answer lost on the way is fetched again without being asked for twice", async () => {
    const server = await open();
    const { page } = await openPhone(browser, server.url);
    await page.route("**/api/message", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByLabel("Câu hỏi của quý vị").fill("lương hưu");
    await page.keyboard.press("Enter");
    const again = page.getByRole("button", { name: "Gửi lại" });
    await again.waitFor();
    await page.unroute("**/api/message");
    await again.click();
    expect(await answerOf(page, 0)).toContain("Đã nghe: lương hưu");
    expect(server.heard).toHaveLength(1);
  });

  test("a page left open until its cookie ran out gets a new one by itself", async () => {
    const { url } = await open();
    const { page } = await openPhone(browser, url);
    await page.context().clearCookies();
    expect(await ask(page, "lương hưu")).toContain("Đã nghe: lương hưu");
  });

  test("a question that is too long is not sent and says by how much", async () => {
    const { url, heard } = await open();
    const { page } = await openPhone(browser, url);
    await page.getByLabel("Câu hỏi của quý vị").fill("ế".repeat(1_907));
    await page.keyboard.press("Enter");
    expect(await page.getByRole("alert").innerText()).toContain("bớt đi 7 chữ cái");
    await page.getByLabel("Câu hỏi của quý vị").fill("😀".repeat(1_900));
    await page.keyboard.press("Enter");
    expect(await answerOf(page, 0)).toContain("😀");
    expect(heard).toHaveLength(1);
  });

  test("everything can be done from the keyboard, and what has focus shows it", async () => {
    const { url } = await open();
    const { page } = await openPhone(browser, url);
    await page.keyboard.press("Tab");
    expect(await check(page, "focused")).toBe("Đến ô hỏi");
    expect(await check(page, "focusShows")).toBe(true);
    await page.keyboard.press("Enter");
    expect(await check(page, "focused")).toBe("question");
    expect(await check(page, "focusShows")).toBe(true);
    await page.keyboard.type("lương hưu");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("của mẹ tôi");
    await page.keyboard.press("Enter");
    expect(await answerOf(page, 0)).toContain("Đã nghe: lương hưu của mẹ tôi");
    expect(await page.locator(".words").innerText()).toBe("lương hưu\ncủa mẹ tôi");
    expect(await check(page, "focused")).toBe("question");

    await page.keyboard.press("Shift+Tab");
    expect(await check(page, "focused")).toBe("2. Danh mục");
    expect(await check(page, "focusShows")).toBe(true);
    await page.keyboard.press("Enter");
    await answerOf(page, 1);
    await expect.poll(() => check(page, "focusIsOnNewestReply")).toBe(true);
    await page.keyboard.press("Tab");
    expect(await check(page, "focused")).toBe("In câu trả lời");
    await page.keyboard.press("Tab");
    expect(await check(page, "focused")).toBe("1. Mức hưởng");
  });

  test.each([
    { size: SMALL_PHONE, dark: false },
    { size: PHONE, dark: false },
    { size: PHONE, dark: true },
  ])(
    "can be read and heard: names, contrast, sizes ($size.width px, dark: $dark)",
    async (look) => {
      const { url } = await open({ receive: everything });
      const { page } = await openPhone(browser, url, look);
      await ask(page, "lương hưu");
      await page.route("**/api/message", (route) => route.abort());
      await page.getByLabel("Câu hỏi của quý vị").fill("mức hưởng");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Gửi lại" }).waitFor();
      await page.getByLabel("Câu hỏi của quý vị").fill("a".repeat(2_000));
      await page.keyboard.press("Enter");

      expect(await namelessControls(page)).toEqual([]);
      expect(await check(page, "faintTexts")).toEqual([]);
      expect(await check(page, "smallTexts")).toEqual([]);
      expect(await check(page, "smallTargets")).toEqual([]);
      expect(await check(page, "overflow")).toBeLessThanOrEqual(0);
      expect(await check(page, "headings")).toEqual([
        "H1 An Sinh",
        "H2 An Sinh trả lời",
        "H2 Lương hưu",
      ]);
      expect(await page.getAttribute("html", "lang")).toBe("vi");
      expect(await page.getByRole("log", { name: "Cuộc trò chuyện" }).count()).toBe(1);
    },
  );

  test("letters twice as large need no sideways scrolling, and the question box does not cover the answer", async () => {
    const { url } = await open({ receive: everything });
    const { page } = await openPhone(browser, url, { size: SMALL_PHONE });
    await page.evaluate("document.documentElement.style.fontSize = '200%'");
    await ask(page, "lương hưu");
    expect(await check(page, "overflow")).toBeLessThanOrEqual(0);
    const box = await page.locator("#composer").boundingBox();
    const visible = Math.max(0, SMALL_PHONE.height - (box?.y ?? 0));
    expect(visible).toBeLessThan(SMALL_PHONE.height / 2);
  });

  test("one answer is printed alone: its question, boxes to tick, the source and the day", async () => {
    const { url } = await open({ receive: everything });
    const { page } = await openPhone(browser, url);
    await ask(page, "câu một");
    await ask(page, "câu hai");
    await page.getByRole("button", { name: "In câu trả lời" }).first().click();
    expect(await page.evaluate("window.printed")).toBe(true);
    await page.emulateMedia({ media: "print" });
    const printed = await page.locator("body").innerText();
    expect(printed).toContain("Quý vị hỏi: câu một");
    expect(printed).toContain("Căn cứ: Luật 41/2024/QH15.");
    expect(printed).toContain("Không phải văn bản của cơ quan nhà nước");
    expect(printed).not.toMatch(
      /câu hai|Xin chào|In câu trả lời|Danh mục|úng ý|Câu hỏi của quý vị/,
    );
    await page.emulateMedia({ media: "screen" });
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator("body").innerText()).toContain("câu hai");
  });

  test("works under a path behind a proxy, where its cookie stays inside that path", async () => {
    const server = await open({}, { trustProxyHops: 1 });
    const proxy = createProxy((incoming, outgoing) => {
      const path = (incoming.url ?? "").replace(/^\/an-sinh/, "");
      const headers = { ...incoming.headers, host: "an-sinh", "x-forwarded-proto": "http" };
      const forwarded = { "x-forwarded-host": incoming.headers.host };
      const { port } = new URL(server.url);
      incoming.pipe(
        request(
          { port, path, method: incoming.method, headers: { ...headers, ...forwarded } },
          (answer) => {
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(outgoing);
          },
        ),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = proxy.address() as AddressInfo;
      const { page, complaints } = await openPhone(browser, `http://localhost:${port}/an-sinh/`);
      expect(await ask(page, "lương hưu")).toContain("Đã nghe: lương hưu");
      expect(await page.context().cookies()).toMatchObject([{ path: "/an-sinh", httpOnly: true }]);
      expect(complaints).toEqual([]);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  describe("announcements", () => {
    let announcements: Announcements;

    /** A page on which "đăng ký" subscribes and "hủy" ends that. */
    async function openListening(...[web, server]: Parameters<typeof startServer>) {
      announcements = pageAnnouncements();
      return open(
        {
          notices: announcements,
          now: () => announcements.clock.at,
          receive: async (incoming) => {
            const { content, from } = incoming;
            const text = content.type === "text" ? content.text : "";
            if (text === "đăng ký") await announcements.subscribe(from.person);
            if (text === "hủy") await announcements.unsubscribe(from.person);
            return echo(incoming);
          },
          ...web,
        },
        server,
      );
    }

    const notices = (page: Page) => page.locator(".announcement");
    const confirmed = async (id: string) => {
      await expect.poll(() => announcements.tally(id).sent).toBe(1);
    };

    test("somebody subscribes, and an announcement arrives without loading the page again", async () => {
      const { url } = await openListening();
      const { page, complaints } = await openPhone(browser, url);
      await ask(page, "đăng ký");
      await announcements.started("TB1");
      await notices(page).waitFor();
      expect(await notices(page).innerText()).toMatch(/^Thông báo\s+Lương hưu tăng\s+Từ tháng sau/);
      await confirmed("TB1");
      const [cookie] = await page.context().cookies();
      expect((cookie?.expires ?? 0) - Date.now() / 1000).toBeGreaterThan(399 * 24 * 60 * 60);
      expect(complaints).toEqual([]);
    });

    test("one that is sent again is shown once, also after the page is opened anew", async () => {
      const { url } = await openListening();
      const { page } = await openPhone(browser, url);
      await ask(page, "đăng ký");
      // Lost on the way, the confirmation leaves the row waiting.
      await page.route("**/api/received", (route) => route.abort());
      await announcements.started("TB1");
      await notices(page).waitFor();
      await page.reload();
      await announcements.started("TB2", { blocks: [{ type: "heading", text: "Mức đóng mới" }] });
      await page.getByText("Mức đóng mới").waitFor();
      expect(await notices(page).count()).toBe(1);
      expect(announcements.tally("TB1").waiting).toBe(1);
      await page.unroute("**/api/received");
      await page.reload();
      await confirmed("TB1");
      await confirmed("TB2");
      expect(await notices(page).count()).toBe(0);
    });

    test("where nothing can be stored it is shown once a visit", async () => {
      const { url } = await openListening();
      const { page, complaints } = await openPhone(browser, url);
      await page.addInitScript(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('không được'); } });",
      );
      await page.reload();
      await ask(page, "đăng ký");
      await page.route("**/api/received", (route) => route.abort());
      await announcements.started("TB1");
      await notices(page).waitFor();
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await announcements.started("TB2");
      await expect.poll(() => notices(page).count()).toBe(2);
      expect(complaints).toEqual([]);
    });

    test("a visit later shows what came meanwhile, and brings it into sight", async () => {
      const { url } = await openListening();
      const { page } = await openPhone(browser, url, { size: SMALL_PHONE });
      await ask(page, "đăng ký");
      await page.goto("about:blank");
      await announcements.started("TB1");
      await page.goto(url);
      await notices(page).waitFor();
      await confirmed("TB1");
      await expect.poll(() => check(page, "newestNoticeIsInSight")).toBe(true);
      expect(await page.locator("#new-notice:visible").count()).toBe(0);
    });

    test("whoever reads or types is not moved, and is told that something is new", async () => {
      const { url } = await openListening({
        receive: async (incoming) => {
          await announcements.subscribe(incoming.from.person);
          return everything(incoming);
        },
      });
      const { page } = await openPhone(browser, url, { size: SMALL_PHONE });
      await ask(page, "đăng ký");
      await page.getByLabel("Câu hỏi của quý vị").fill("mức hư");
      const before = await page.evaluate("[scrollY, document.activeElement.id]");
      await announcements.started("TB1");
      const button = page.getByRole("button", { name: "Có thông báo mới" });
      await button.waitFor();
      expect(await page.evaluate("[scrollY, document.activeElement.id]")).toEqual(before);
      await page.keyboard.type("ởng");
      expect(await page.getByLabel("Câu hỏi của quý vị").inputValue()).toBe("mức hưởng");
      expect(await check(page, "faintTexts")).toEqual([]);
      expect(await check(page, "smallTargets")).toEqual([]);
      await button.click();
      await expect.poll(() => check(page, "newestNoticeIsInSight")).toBe(true);
      expect(await button.count()).toBe(0);
    });

    test("a number typed after an announcement still means the newest choices", async () => {
      const { url } = await openListening();
      const { page } = await openPhone(browser, url);
      await ask(page, "đăng ký");
      await announcements.started("TB1");
      await notices(page).waitFor();
      expect(await page.locator(".number:visible").allInnerTexts()).toEqual(["1.", "2."]);
    });

    test("after unsubscribing nothing more comes, and the cookie lives a day again", async () => {
      const { url } = await openListening();
      const { page } = await openPhone(browser, url);
      await ask(page, "đăng ký");
      await announcements.started("TB1");
      await confirmed("TB1");
      const renewed = page.waitForResponse((response) => response.url() === url);
      await ask(page, "hủy");
      await renewed;
      const [cookie] = await page.context().cookies();
      expect((cookie?.expires ?? 0) - Date.now() / 1000).toBeLessThan(25 * 60 * 60);
      expect(await page.evaluate("localStorage.length")).toBe(0);
    });

    test("a server that was away is looked for and found again", async () => {
      const server = await openListening();
      const { url } = server;
      const { page } = await openPhone(browser, url);
      await page.clock.install();
      await ask(page, "đăng ký");
      let failed = 0;
      page.on("requestfailed", () => (failed += 1));
      await server.stop();
      const later = (ms: number) => page.clock.runFor(ms);
      await expect.poll(() => later(1_000).then(() => failed)).toBeGreaterThan(0);
      const port = Number(new URL(url).port);
      await open({ notices: announcements, now: () => announcements.clock.at }, { port });
      await announcements.started("TB1");
      await expect.poll(() => later(1_000).then(() => notices(page).count())).toBe(1);
      await confirmed("TB1");
    });

    test.each([
      { size: SMALL_PHONE, dark: false },
      { size: PHONE, dark: true },
    ])(
      "can be read and heard: names, contrast, sizes ($size.width px, dark: $dark)",
      async (look) => {
        const { url } = await openListening();
        const { page, bytes } = await openPhone(browser, url, look);
        expect(await bytes()).toBeLessThanOrEqual(60 * 1024);
        await ask(page, "đăng ký");
        await announcements.started("TB1");
        await notices(page).waitFor();
        expect(await namelessControls(page)).toEqual([]);
        expect(await check(page, "faintTexts")).toEqual([]);
        expect(await check(page, "faintNoticeEdges")).toEqual([]);
        expect(await check(page, "smallTexts")).toEqual([]);
        expect(await check(page, "smallTargets")).toEqual([]);
        expect(await check(page, "overflow")).toBeLessThanOrEqual(0);
        expect(await page.getByRole("log").getByRole("article").last().innerText()).toContain(
          "Thông báo",
        );
        expect(await check(page, "headings")).toEqual([
          "H1 An Sinh",
          "H2 An Sinh trả lời",
          "H2 Lương hưu",
          "H2 Lương hưu tăng",
        ]);
      },
    );

    test("an announcement is printed alone, under its name", async () => {
      const { url } = await openListening();
      const { page } = await openPhone(browser, url);
      await ask(page, "đăng ký");
      await announcements.started("TB1");
      await page.getByRole("button", { name: "In thông báo" }).click();
      await page.emulateMedia({ media: "print" });
      const printed = await page.locator("body").innerText();
      expect(printed).toMatch(/Thông báo\s+Lương hưu tăng/);
      expect(printed).toContain("Không phải văn bản của cơ quan nhà nước");
      expect(printed).not.toMatch(/Xin chào|Đã nghe|In thông báo|Câu hỏi của quý vị/);
    });
  });
});
