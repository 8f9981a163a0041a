import { Agent, request } from "node:http";
import type { BenchChat } from "./bench-platform.ts";
import type { BenchTelegram } from "./bench-telegram.ts";

export type Poster = {
  /** Resolves with the status once the whole answer is here; rejects when the connection broke. */
  post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<number>;
  close(): void;
};

/** Posts JSON over connections that are kept alive, as many at once as are asked for. */
export function createPoster(origin: string): Poster {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(origin);
  return {
    post: (path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const posted = request(
          {
            agent,
            host: hostname,
            port,
            path,
            method: "POST",
            headers: {
              "content-type": "application/json",
              "content-length": Buffer.byteLength(body),
              ...headers,
            },
          },
          (response) => {
            response.on("error", reject);
            response.on("end", () => {
              resolve(response.statusCode ?? 0);
            });
            response.resume();
          },
        );
        posted.on("error", reject);
        posted.end(body);
      }),
    close() {
      agent.destroy();
    },
  };
}

/** The path and header with which Telegram posts an update to the bot. */
export const WEBHOOK_PATH = "/telegram";

export function webhookHeaders(secret: string): Record<string, string> {
  return { "x-telegram-bot-api-secret-token": secret };
}

/** Somebody new on Telegram with each update. The bot must have started: it makes up the secret. */
export function telegramChat(telegram: BenchTelegram): BenchChat {
  const updates = createUpdates();
  const headers = webhookHeaders(telegram.secret());
  return {
    path: WEBHOOK_PATH,
    says(text) {
      const person = updates.newPerson();
      return { person: String(person), body: updates.says(person, text), headers };
    },
    onReply(listener) {
      telegram.onReply(({ chat, at }) => {
        listener({ person: String(chat), at });
      });
    },
  };
}

const FIRST_UPDATE = 900_000_001;
const FIRST_PERSON = 2_000_000_001;

/** Updates as Telegram would send them, each with a number of its own. */
export type Updates = {
  /** Somebody nobody has heard of yet. */
  newPerson(): number;
  says(person: number, text: string): string;
  presses(person: number, code: string): string;
};

export function createUpdates(): Updates {
  let update = FIRST_UPDATE;
  let person = FIRST_PERSON;
  const from = (id: number) => ({
    id,
    is_bot: false,
    first_name: "Người dân",
    language_code: "vi",
  });
  const messageOf = (id: number) => ({
    message_id: update % 1_000_000,
    date: Math.floor(Date.now() / 1000),
    chat: { id, type: "private", first_name: "Người dân" },
  });
  return {
    newPerson: () => person++,
    says: (id, text) =>
      JSON.stringify({ update_id: update++, message: { ...messageOf(id), from: from(id), text } }),
    presses: (id, code) =>
      JSON.stringify({
        update_id: update++,
        callback_query: {
          id: String(update),
          from: from(id),
          message: messageOf(id),
          chat_instance: "1",
          data: code,
        },
      }),
  };
}
