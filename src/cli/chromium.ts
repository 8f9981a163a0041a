import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const DEBIAN_CHROMIUM = "/usr/bin/chromium";

/** What to say where there is none. */
export const HOW_TO_GET_CHROMIUM = `không có ${DEBIAN_CHROMIUM}; cài bằng: sudo apt-get install chromium`;

export function hasChromium(): boolean {
  return existsSync(DEBIAN_CHROMIUM);
}

/** Debian's Chromium, without any of its calls home. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: DEBIAN_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}
