/** A part of a text and how it is shown, as Telegram counts: in UTF-16 units. */
export type Entity = { type: string; offset: number; length: number; url?: string };

const TYPES: Record<string, string> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  code: "code",
  pre: "pre",
  a: "text_link",
  blockquote: "blockquote",
  "tg-spoiler": "spoiler",
};
const NAMED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };
const TAG = /^<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))*)\s*>/i;
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;
const REFERENCE = /^&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));?/i;

/** Telegram's HTML mode, as strict as the server: the visible text and its entities, or in Telegram's words why it is refused. */
export function parseTelegramHtml(
  html: string,
): { text: string; entities: Entity[] } | { problem: string } {
  const entities: Entity[] = [];
  const open: { name: string; offset: number; url: string | undefined }[] = [];
  let text = "";
  let at = 0;
  const byteOffset = () => Buffer.byteLength(html.slice(0, at));
  while (at < html.length) {
    const rest = html.slice(at);
    if (rest.startsWith("&")) {
      const found = REFERENCE.exec(rest);
      const shown = found === null ? undefined : referenced(found);
      text += shown ?? "&";
      at += shown === undefined || found === null ? 1 : found[0].length;
      continue;
    }
    if (!rest.startsWith("<")) {
      text += html.charAt(at);
      at += 1;
      continue;
    }
    const found = TAG.exec(rest);
    if (found === null) {
      const name = /^<\/?([^\s>/]*)/.exec(rest)?.[1] ?? "";
      return {
        problem: rest.includes(">")
          ? `Unsupported start tag "${name}" at byte offset ${byteOffset()}`
          : `Unclosed start tag at byte offset ${byteOffset()}`,
      };
    }
    const [whole, slash, rawName = "", attributes = ""] = found;
    const name = rawName.toLowerCase();
    if (slash === "") {
      if (TYPES[name] === undefined) {
        return { problem: `Unsupported start tag "${name}" at byte offset ${byteOffset()}` };
      }
      const href = HREF.exec(attributes);
      const url = href === null ? undefined : (href[1] ?? href[2] ?? href[3]);
      open.push({ name, offset: text.length, url });
    } else {
      const last = open.pop();
      if (last === undefined) {
        return { problem: `Unexpected end tag at byte offset ${byteOffset()}` };
      }
      if (last.name !== name) {
        return {
          problem: `Unmatched end tag at byte offset ${byteOffset()}, expected "</${last.name}>", found "</${name}>"`,
        };
      }
      const length = text.length - last.offset;
      const link = last.url === undefined ? {} : { url: unescaped(last.url) };
      const type = TYPES[name];
      if (type !== undefined && length > 0 && !(name === "a" && last.url === undefined)) {
        entities.push({ type, offset: last.offset, length, ...link });
      }
    }
    at += whole.length;
  }
  const unclosed = open.pop();
  if (unclosed) {
    return { problem: `Can't find end tag corresponding to start tag "${unclosed.name}"` };
  }
  return { text, entities };
}

function unescaped(attribute: string): string {
  const parsed = parseTelegramHtml(attribute);
  return "problem" in parsed ? attribute : parsed.text;
}

function referenced([, decimal, hex, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return NAMED[name.toLowerCase()];
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
