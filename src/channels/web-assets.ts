import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export type Asset = { path: string; type: string; body: string };

export type Page = {
  /** The page itself; `greeting` is JSON made by `renderGreeting`. */
  html: (greeting: string) => string;
  /** What the page loads. A path names its content, so it may be kept for ever. */
  assets: Asset[];
};

const FOLDER = new URL("./web-page/", import.meta.url);

/** Reads the page's files. Addresses in it are relative: it works under a path behind a proxy. */
export function readPage(): Page {
  const css = asset("page.css", "text/css; charset=utf-8");
  const script = asset("page.js", "text/javascript; charset=utf-8");
  const icon = asset("icon.svg", "image/svg+xml");
  const html = read("page.html")
    .replace("page.css", css.path)
    .replace("page.js", script.path)
    .replaceAll("icon.svg", icon.path);
  return {
    html: (greeting) => html.replace("{{greeting}}", () => greeting),
    assets: [css, script, icon],
  };
}

function asset(name: string, type: string): Asset {
  const body = read(name);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  return { path: name.replace(".", `.${hash}.`), type, body };
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}
