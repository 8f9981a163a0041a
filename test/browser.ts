import { readFileSync } from "node:fs";
import type { Browser, Page, Response } from "playwright-core";
import { hasChromium, HOW_TO_GET_CHROMIUM, openChromium } from "../src/cli/chromium.ts";

export const SMALL_PHONE = { width: 320, height: 640 };
export const PHONE = { width: 390, height: 844 };

const CHECKS = readFileSync(new URL("./browser-checks.js", import.meta.url), "utf8")
  .replace(/^\/\/.*\n/gm, "")
  .replace(/;\s*$/, "");

/** True where there is a browser. Where there is none, says so in one line; in CI that is a failure. */
export function browserIsHere(): boolean {
  if (hasChromium()) return true;
  if (process.env["REQUIRE_BROWSER"] === "1") throw new Error(HOW_TO_GET_CHROMIUM);
  console.warn(`Bỏ qua các kiểm thử bằng trình duyệt: ${HOW_TO_GET_CHROMIUM}`);
  return false;
}

export { openChromium };

export type Visit = {
  page: Page;
  /** Where the page sent requests. */
  requested: Set<string>;
  /** How many bytes it got so far, unpacked. */
  bytes: () => Promise<number>;
  /** What the browser complained about: violations of the content policy, errors in scripts. */
  complaints: string[];
};

export type Look = { size?: typeof PHONE; dark?: boolean };

/** Opens the page on a phone, with animations off and printing only noted. */
export async function openPhone(browser: Browser, url: string, look: Look = {}): Promise<Visit> {
  const page = await browser.newPage({
    viewport: look.size ?? PHONE,
    reducedMotion: "reduce",
    colorScheme: look.dark === true ? "dark" : "light",
    hasTouch: true,
  });
  page.setDefaultTimeout(10_000);
  const requested = new Set<string>();
  const complaints: string[] = [];
  const responses: Response[] = [];
  page.on("request", (request) => requested.add(new URL(request.url()).origin));
  page.on("response", (response) => responses.push(response));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    const isLostServer = message.text().includes("Failed to load resource");
    if (message.type() === "error" && !isLostServer) complaints.push(message.text());
  });
  await page.addInitScript("window.print = () => { window.printed = true; }");
  await page.goto(url, { waitUntil: "networkidle" });
  const bytes = async () =>
    (await Promise.all(responses.map((response) => response.body()))).reduce(
      (sum, body) => sum + body.byteLength,
      0,
    );
  return { page, requested, bytes, complaints };
}

/** Types a question as a person does and waits for its answer. */
export async function ask(page: Page, question: string): Promise<string> {
  const turns = await page.locator(".turn").count();
  await page.getByLabel("Câu hỏi của quý vị").fill(question);
  await page.keyboard.press("Enter");
  return answerOf(page, turns);
}

/** The answer in a turn, counted from 0, once it is there. */
export async function answerOf(page: Page, turn: number): Promise<string> {
  const reply = page.locator(".turn").nth(turn).locator(".reply");
  await reply.waitFor();
  return reply.innerText();
}

/** Runs one of the checks of `browser-checks.js` in the page. */
export function check<T>(page: Page, name: string): Promise<T> {
  return page.evaluate<T>(`(${CHECKS}).${name}()`);
}

/** Controls without a name, as the browser tells a screen reader about them. */
export async function namelessControls(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  return nodes
    .filter(({ ignored, role }) => !ignored && CONTROLS.has(String(role?.value)))
    .filter(({ name }) => String(name?.value ?? "").trim() === "")
    .map(({ nodeId, role }) => `${String(role?.value)} ${nodeId}`);
}

const CONTROLS = new Set(["button", "textbox", "link", "group", "log", "img", "image"]);
