import { broken, type Json } from "./bench-bodies.ts";
import type { Posted } from "./bench-platform.ts";
import type { Random } from "./bench-random.ts";
import { ZALO_BOT_SECRET, zaloBotHeaders } from "./bench-zalo-bot.ts";
import { ZALO_OA, zaloOaSignature } from "./bench-zalo-oa.ts";

/** What nobody should post to the Zalo webhooks: broken bodies, four in five under a good secret or signature. */
export type ZaloBodies = { zaloBot(): Posted; zaloOa(): Posted };

const GOOD_SHARE = 0.8;

export function createZaloBodies(random: Random, questions: string[]): ZaloBodies {
  let messageId = 0;
  const question = () => random.pick(questions);
  const somebody = () => String(3_000_000_000 + random.below(1_000_000));

  function validUpdate(): Json {
    const id = somebody();
    const message: { [key: string]: Json } = {
      message_id: `tin-${++messageId}`,
      date: 1_790_000_000_000,
      from: { id, display_name: "Người dân", is_bot: false },
      chat: { id, chat_type: "PRIVATE" },
    };
    const shapes: [string, { [key: string]: Json }][] = [
      ["text", { text: question() }],
      ["text", { text: "/dangky" }],
      ["text", { text: "@Bot An Sinh hỏi", chat: { id: "zgr-1", chat_type: "GROUP" } }],
      ["image", { photo: "https://anh.invalid/1.jpg", caption: question() }],
      ["image", { photo_url: "https://anh.invalid/1.jpg" }],
      ["sticker", { sticker: "a", url: "https://anh.invalid/1.webp" }],
      ["voice", { voice_url: "https://anh.invalid/1.aac" }],
      ["unsupported", {}],
      ["text", { text: question(), from: { id: "1", is_bot: true } }],
    ];
    const [kind, more] = random.pick(shapes);
    const update = { event_name: `message.${kind}.received`, message: { ...message, ...more } };
    return random.next() < 0.8 ? { ok: true, result: update } : update;
  }

  function validEvent(timestamp: string): Json {
    const id = somebody();
    const sent = { sender: { id }, recipient: { id: ZALO_OA.oaId }, user_id_by_app: "1" };
    const message = { msg_id: `tin-${++messageId}` };
    const attachments = [{ type: "image", payload: { url: "http://anh.invalid/1.jpg" } }];
    const shapes: { [key: string]: Json }[] = [
      { event_name: "user_send_text", ...sent, message: { ...message, text: question() } },
      { event_name: "user_send_text", ...sent, message: { ...message, text: "/dangky" } },
      {
        event_name: "user_send_image",
        ...sent,
        message: { ...message, text: question(), attachments },
      },
      { event_name: "user_send_sticker", ...sent, message: { ...message, attachments } },
      { event_name: "user_seen_message", ...sent, message: { msg_ids: ["a", "b"] } },
      { event_name: "follow", oa_id: ZALO_OA.oaId, follower: { id }, source: "qr" },
      { event_name: "unfollow", oa_id: ZALO_OA.oaId, follower: { id }, source: "qr" },
      { event_name: "user_click_chatnow", oa_id: ZALO_OA.oaId, user_id: id },
      { event_name: "user_submit_info", ...sent, info: { name: "Người dân", phone: "0" } },
      {
        event_name: "oa_send_text",
        sender: { id: ZALO_OA.oaId },
        recipient: { id },
        message: { ...message, text: question() },
      },
    ];
    return { app_id: ZALO_OA.appId, timestamp, ...random.pick(shapes) };
  }

  return {
    zaloBot() {
      const isGood = random.next() < GOOD_SHARE;
      const secret = random.pick(["", "sai", `${ZALO_BOT_SECRET}a`, "x".repeat(4_000)]);
      return {
        body: broken(validUpdate(), random),
        headers: zaloBotHeaders(isGood ? ZALO_BOT_SECRET : secret),
      };
    },
    zaloOa() {
      const isGood = random.next() < GOOD_SHARE;
      const timestamp = String(Date.now());
      const body = broken(validEvent(timestamp), random);
      // The one in the body may be broken: this one is signed.
      const headers = { "x-zevent-timestamp": timestamp };
      const signature = zaloOaSignature(body, timestamp);
      const wrong = random.pick([
        "",
        "mac=",
        signature.slice(0, -1),
        signature.replace(/\d/g, "0"),
        zaloOaSignature(body, "1"),
        "x".repeat(4_000),
      ]);
      return { body, headers: { ...headers, "x-zevent-signature": isGood ? signature : wrong } };
    },
  };
}
