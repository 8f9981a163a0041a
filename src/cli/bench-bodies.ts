import type { Random } from "./bench-random.ts";

/** Bodies nobody should send: valid ones with something wrong in their values or in their bytes. */
export type Bodies = { update(): Buffer; page(): Buffer };

export function createBodies(random: Random, questions: string[]): Bodies {
  let updateId = 700_000_001;
  const question = () => random.pick(questions);

  function validUpdate(): Json {
    const id = 3_000_000_000 + random.below(1_000_000);
    const from = { id, is_bot: false, first_name: "Người dân" };
    const chat = { id, type: "private" };
    const group = { id: -1_000_000_000_000 - random.below(1_000), type: "supergroup" };
    const said = { message_id: 5, date: 1_790_000_000, from, chat };
    const mention = { type: "mention", offset: 0, length: 12 };
    const shapes: Json[] = [
      { message: { ...said, text: question() } },
      { message: { ...said, text: "/dangky", entities: [{ ...mention, type: "bot_command" }] } },
      { message: { ...said, chat: group, text: "@AnSinhThuBot hỏi", entities: [mention] } },
      { message: { ...said, caption: question(), photo: [{ file_id: "a", width: 1, height: 1 }] } },
      { message: { ...said, sticker: { file_id: "a" } } },
      { message: { ...said, chat: group, migrate_to_chat_id: -5 } },
      { message: { ...said, text: question(), reply_to_message: { from: { id: 1 } } } },
      { edited_message: { ...said, text: question() } },
      { callback_query: { id: "9", from, message: said, chat_instance: "1", data: "u:all" } },
      { callback_query: { id: "9", from, data: "e:huu-tri-xa-hoi:1" } },
      { my_chat_member: { chat, from, date: 1, new_chat_member: { status: "kicked" } } },
    ];
    return { update_id: updateId++, ...(random.pick(shapes) as object) };
  }

  function validMessage(): Json {
    const id = String(random.next()).slice(2).padEnd(16, "a");
    return random.next() < 0.7
      ? { id, text: question() }
      : { id, action: random.pick(["m", "u:all", "y", "e:huu-tri-xa-hoi:1"]) };
  }

  return {
    update: () => broken(validUpdate(), random),
    page: () => broken(validMessage(), random),
  };
}

/** Up to three things go wrong with it; now and then none. */
export function broken(valid: Json, random: Random): Buffer {
  const ways = Array.from({ length: random.below(4) });
  if (random.next() < 0.75) {
    const body = ways.reduce<Json>((value) => withWrongValue(value, random), valid);
    return Buffer.from(JSON.stringify(body));
  }
  const bytes = Buffer.from(JSON.stringify(valid));
  return ways.reduce<Buffer>((before) => withWrongBytes(before, random), bytes);
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const NASTY_TEXTS = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "👨‍👩‍👧‍👦".repeat(50),
  "ắ".repeat(5_000),
  "e\u0323\u0302\u0301".repeat(300),
  "<b>&lt;</b><script>",
  "/dangky@ai_do_khac",
  "__proto__",
  "x".repeat(100_000),
  "0".repeat(400),
  "a ".repeat(2_000),
  "2",
  "10²³ % {{muc}} ${1}",
];
const NASTY_NUMBERS = [0, -1, 0.5, 1e308, -1e308, 2 ** 53, 2 ** 31, 1e21];
const DEPTH = 500;

function nastyValue(random: Random): Json {
  switch (random.below(8)) {
    case 0:
      return null;
    case 1:
      return random.next() < 0.5;
    case 2:
    case 3:
      return random.pick(NASTY_NUMBERS);
    case 4:
      return [];
    case 5:
      return { id: random.pick(NASTY_NUMBERS) };
    case 6: {
      let deep: Json = [];
      for (let level = 0; level < DEPTH; level++) deep = [deep];
      return deep;
    }
    default:
      return random.pick(NASTY_TEXTS);
  }
}

/** One value, anywhere, becomes another, goes, or gets a neighbour. */
function withWrongValue(value: Json, random: Random): Json {
  if (value === null || typeof value !== "object" || random.next() < 0.03)
    return nastyValue(random);
  if (Array.isArray(value)) {
    if (value.length === 0) return [nastyValue(random)];
    const at = random.below(value.length);
    return value.map((item, index) => (index === at ? withWrongValue(item, random) : item));
  }
  const deeper = Object.keys(value).filter((name) => typeof value[name] === "object");
  const isDeeper = deeper.length > 0 && random.next() < 0.7;
  const key = random.pick(isDeeper ? deeper : [...Object.keys(value), "lạ"]);
  const { [key]: before = null, ...rest } = value;
  if (random.next() < 0.1) return rest;
  return { ...rest, [key]: withWrongValue(before, random) };
}

function withWrongBytes(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const noise = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)));
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at + noise.length)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(at + 1))]);
    default:
      return noise;
  }
}
