import { autoRetry } from "@grammyjs/auto-retry";
import { Api } from "grammy";

/** What a bot does without a delivery loop: goes through its subscribers, with the stock plugin that retries. Its progress is in memory alone. */
const [apiRoot = "", token = "", first = "", people = "0", text = ""] = process.argv.slice(2);

const api = new Api(token, { apiRoot });
api.config.use(autoRetry());
for (let index = 0; index < Number(people); index++) {
  try {
    await api.sendMessage(Number(first) + index, text);
  } catch {
    // Whoever cannot be reached is skipped.
  }
}
