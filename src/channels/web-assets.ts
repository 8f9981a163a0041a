import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export type Asset = { path: string; type: string; body: string };

export type Page = {
  /** The page itself; `greeting` is JSON made by `renderGreeting`. */
  html: (greeting: string) => string;
  /** What the page loads. A path names its content, so it may be kept for ever. */
  assets: Asset[];
};

const SCRIPT = "text/javascript; charset=utf-8";
const FOLDER = new URL("./web-page/", import.meta.url);

/** Reads the page's files. Addresses in it are relative: it works under a path behind a proxy. */
export function readPage(): Page {
  const css = asset("page.css", "text/css; charset=utf-8", read("page.css"));
  const icon = asset("icon.svg", "image/svg+xml", read("icon.svg"));
  const part = asset("announcements.js", SCRIPT, read("announcements.js"));
  const script = asset("page.js", SCRIPT, read("page.js").replace("announcements.js", part.path));
  const html = read("page.html")
    .replace("page.css", css.path)
    .replace("announcements.js", part.path)
    .replace("page.js", script.path)
    .replaceAll("icon.svg", icon.path);
  return {
    html: (greeting) => html.replace("{{greeting}}", () => greeting),
    assets: [css, part, script, icon],
  };
}

function asset(name: string, type: string, body: string): Asset {
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  return { path: name.replace(".", `.${hash}.`), type, body };
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}
