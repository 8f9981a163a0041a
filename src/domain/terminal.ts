/** C0 and C1 control characters but for the line feed: a terminal would obey them. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g;

/** The text as a terminal may show it: lines stay, nothing in it is obeyed. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL, "");
}
