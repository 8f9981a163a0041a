import type { Answer, Incoming, Reply } from "../domain/reply.ts";
import { toPlainText } from "../domain/fold.ts";
import { type Staff, staffName } from "../domain/staff.ts";
import { isStoreUnavailable } from "../domain/store.ts";
import { createApproval } from "./desk-approve.ts";
import { listNotices, listUnanswered, testSend, viewNotice } from "./desk-look.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import { report } from "./desk-report.ts";
import { NOTHING_DONE, TOO_LONG } from "./desk-sentences.ts";
import { resumeNotice, stopNotices } from "./desk-stop.ts";
import { submitNotice } from "./desk-submit.ts";
import { plainReply } from "./plain-reply.ts";

type Command = (asked: Asked) => Reply | Promise<Reply>;

/** Commands are short; more is a mistake. In UTF-16 units. */
const MAX_LENGTH = 200;

/** `/Duyet@an_sinh_bot` */
const COMMAND = /^\/([a-z]+)(?:@\w+)?$/i;

/** What staff do with announcements, typed in their own chat. Everybody else, and everything else, goes to the answer unchanged. */
export function createStaffDesk(options: StaffDeskOptions): { wrap(answer: Answer): Answer } {
  const approve = createApproval(options);
  const commands = new Map<string, Command>([
    ["thongbao", () => listNotices(options)],
    ["xem", (asked) => viewNotice(options, asked)],
    ["thu", (asked) => testSend(options, asked)],
    ["trinh", (asked) => submitNotice(options, asked)],
    ["duyet", approve],
    ["dung", (asked) => stopNotices(options, asked)],
    ["tiep", (asked) => resumeNotice(options, asked)],
    ["baocao", (asked) => report(options, asked)],
    ["chuatraloi", () => listUnanswered(options)],
  ]);

  function commandIn({ content }: Incoming): { run: Command; words: string[] } | null {
    if (content.type !== "text") return null;
    const [first = "", ...words] = toPlainText(content.text).split(" ");
    const run = commands.get(COMMAND.exec(first)?.[1]?.toLowerCase() ?? "");
    if (run === undefined) return null;
    return content.text.length > MAX_LENGTH
      ? { run: () => plainReply(TOO_LONG), words }
      : { run, words };
  }

  return {
    wrap: (answer) => async (incoming) => {
      if (isAskingForId(incoming) && options.staffChannels().includes(incoming.from.channel)) {
        return plainReply(`Mã của cuộc trò chuyện này: ${staffName(incoming.from)}`);
      }
      const by = staffAt(options.staff, incoming.from);
      const command = by === null ? null : commandIn(incoming);
      if (by === null || command === null) return answer(incoming);
      try {
        return { ...(await command.run({ by, words: command.words })), acted: true };
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        return plainReply(NOTHING_DONE);
      }
    },
  };
}

function isAskingForId({ content }: Incoming): boolean {
  return content.type === "text" && content.text.trim().toLowerCase() === "/id";
}

function staffAt(staff: Staff[], { channel, person }: Incoming["from"]): Staff | null {
  return (
    staff.find(({ address }) => address.channel === channel && address.person === person) ?? null
  );
}
