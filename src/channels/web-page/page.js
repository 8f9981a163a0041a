// The chat page. Everything that came from the server is put in as text, never as markup.

import { createAnnouncements } from "./announcements.js";

/** Below the server's limit of 8 KB even when every character takes four bytes. */
const MAX_CHARACTERS = 1_900;
const SLOW_AFTER_MS = 5_000;
const GIVE_UP_AFTER_MS = 30_000;

const SAYS = {
  sending: "Đang gửi…",
  slow: "Mạng đang chậm, vẫn đang gửi…",
  notHeard: "Chưa gửi được ý kiến này. Quý vị thử bấm lại.",
  unreachable: "Chưa gửi được. Quý vị kiểm tra mạng rồi bấm “Gửi lại”.",
  answers: "An Sinh trả lời",
  choices: "Bấm hoặc gõ số để chọn",
  notice: "Thông báo",
  printNotice: "In thông báo",
  begin: "Gõ câu hỏi ở ô bên dưới, hoặc bấm một việc",
  tooLong: (extra) => `Câu hỏi dài quá. Quý vị bớt đi ${extra} chữ cái rồi gửi lại.`,
  printed: (day) =>
    `In ngày ${day} từ An Sinh, phần mềm trả lời tự động. Không phải văn bản của cơ quan nhà nước.`,
};

const log = document.getElementById("log");
const composer = document.getElementById("composer");
const question = document.getElementById("question");
const problem = document.getElementById("problem");
const turnTemplate = document.getElementById("turn");

const announcements = createAnnouncements({ log, composer, question, draw: drawNotice, show });

/** Messages leave one after the other, so that "2" is read after the question it answers. */
let lastDelivery = Promise.resolve();

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function makeButton(className, label, onPress) {
  const button = make("button", className, label);
  button.type = "button";
  button.addEventListener("click", onPress);
  return button;
}

// Drawing a reply

function drawSpans(parent, spans) {
  for (const { text, strong, url } of spans) {
    const inner = strong ? make("strong", "", text) : document.createTextNode(text);
    if (url === undefined || !url.startsWith("https://")) {
      parent.append(inner);
      continue;
    }
    const link = make("a");
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.append(inner, make("span", "unseen", " (mở trang khác)"));
    parent.append(link);
  }
  return parent;
}

function drawList({ ordered, items }) {
  const list = make(ordered ? "ol" : "ul");
  list.append(...items.map((spans) => drawSpans(make("li"), spans)));
  return list;
}

function drawFields({ rows }) {
  const fields = make("dl");
  for (const { label, value } of rows) fields.append(make("dt", "", label), make("dd", "", value));
  return fields;
}

function drawBlock(block, headingTag) {
  switch (block.type) {
    case "heading":
      return make(headingTag, "", block.text);
    case "text":
      return drawSpans(make("p"), block.spans);
    case "list":
      return drawList(block);
    case "fields":
      return drawFields(block);
    case "source":
      return make("p", "source", block.text);
  }
  return "";
}

function drawBlocks(blocks, name = SAYS.answers) {
  const reply = make("article", "reply");
  reply.tabIndex = -1;
  let headingTag = "h2";
  if (blocks[0]?.type !== "heading") {
    reply.append(make("h2", "unseen", name));
    headingTag = "h3";
  }
  for (const block of blocks) {
    reply.append(drawBlock(block, headingTag));
    if (block.type === "heading") headingTag = "h3";
  }
  return reply;
}

function drawChoices(caption, choices, { numbered }) {
  const group = make("div", "choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", caption);
  group.append(make("p", "caption", caption));
  const list = make("ul");
  list.setAttribute("role", "list");
  for (const [index, { label, press }] of choices.entries()) {
    const button = makeButton("choice", "", press);
    if (numbered) button.append(make("span", "number", `${index + 1}.`), " ");
    button.append(make("span", "", label));
    const item = make("li");
    item.append(button);
    list.append(item);
  }
  group.append(list);
  return group;
}

function asChoices(buttons) {
  return buttons.map(({ label, action }) => ({ label, press: () => send(label, { action }) }));
}

/** “Đúng ý không?”, until it is answered. A press is no turn: the choices above stay those that a typed number means. */
function drawFeedback({ question: caption, yes, no }) {
  const row = make("div", "feedback");
  const asked = make("div", "asked");
  asked.setAttribute("role", "group");
  asked.setAttribute("aria-label", caption);
  const outcome = make("div");
  outcome.setAttribute("role", "status");
  outcome.tabIndex = -1;
  let isSending = false;
  const judge = async (action) => {
    if (isSending) return;
    isSending = true;
    outcome.textContent = SAYS.sending;
    const { reply } = await inTurn(() => post({ id: newId(), action }));
    isSending = false;
    if (reply === undefined) {
      outcome.textContent = SAYS.notHeard;
      show(row, "nearest");
      return;
    }
    const hadFocus = asked.contains(document.activeElement);
    asked.remove();
    outcome.replaceChildren(...reply.blocks.map((block) => drawBlock(block, "h3")));
    show(row, "nearest");
    if (hadFocus) outcome.focus({ preventScroll: true });
  };
  asked.append(
    make("p", "caption", caption),
    drawThumb("👍", yes, judge),
    drawThumb("👎", no, judge),
  );
  row.append(asked, outcome);
  return row;
}

function drawThumb(sign, { label, action }, judge) {
  const button = makeButton("thumb", "", () => judge(action));
  const picture = make("span", "", sign);
  picture.setAttribute("aria-hidden", "true");
  button.append(picture, ` ${label}`);
  return button;
}

function drawReply({ blocks, buttons, feedback }) {
  const reply = drawBlocks(blocks);
  if (blocks.some(({ type }) => type === "source" || type === "list" || type === "fields"))
    reply.append(makeButton("print", "In câu trả lời", () => printOnly(reply)));
  if (buttons.length > 0)
    reply.append(drawChoices(SAYS.choices, asChoices(buttons), { numbered: true }));
  if (feedback !== null) reply.append(drawFeedback(feedback));
  return reply;
}

function drawNotice(blocks) {
  const notice = drawBlocks(blocks, SAYS.notice);
  notice.classList.add("announcement");
  notice.prepend(make("p", "label", SAYS.notice));
  notice.append(makeButton("print", SAYS.printNotice, () => printOnly(notice)));
  return notice;
}

function drawGreeting({ blocks, buttons }) {
  if (blocks.length === 0) return;
  const greeting = drawBlocks(blocks);
  if (buttons.length > 0)
    greeting.append(drawChoices(SAYS.begin, asChoices(buttons), { numbered: false }));
  log.append(greeting);
}

/** Prints one answer and the question before it: somebody takes it along, often for another person. */
function printOnly(reply) {
  const turn = reply.closest(".turn") ?? reply;
  const now = new Date();
  const note = make("p", "printed", SAYS.printed(now.toLocaleDateString("vi-VN")));
  reply.append(note);
  turn.classList.add("to-print");
  document.body.classList.add("printing");
  addEventListener(
    "afterprint",
    () => {
      document.body.classList.remove("printing");
      turn.classList.remove("to-print");
      note.remove();
    },
    { once: true },
  );
  print();
}

// Sending

function newId() {
  // Not randomUUID: that is missing on a page opened over plain http from another machine.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function send(words, content) {
  const turn = turnTemplate.content.firstElementChild.cloneNode(true);
  turn.querySelector(".words").textContent = words;
  const pressed = document.activeElement;
  const takesFocus = pressed?.closest("#log") !== null && pressed?.tagName === "BUTTON";
  log.append(turn);
  show(turn);
  deliver(turn, { id: newId(), ...content }, takesFocus);
}

function inTurn(work) {
  lastDelivery = lastDelivery.then(work);
  return lastDelivery;
}

function deliver(turn, message, takesFocus) {
  const status = turn.querySelector(".status");
  status.textContent = SAYS.sending;
  void inTurn(async () => {
    const slow = setTimeout(() => (status.textContent = SAYS.slow), SLOW_AFTER_MS);
    const result = await post(message);
    clearTimeout(slow);
    if (result.reply === undefined) {
      drawFailure(turn, message, result);
      return;
    }
    const reply = drawReply(result.reply);
    announcements.listen(result.reply.listens);
    turn.querySelector(".delivery").replaceWith(reply);
    show(turn);
    // Somebody at a keyboard goes on to the choices of this answer, not to those of the last one.
    if (takesFocus) reply.focus({ preventScroll: true });
  });
}

function drawFailure(turn, message, { error, retry }) {
  const status = turn.querySelector(".status");
  status.textContent = error;
  turn.classList.add("failed");
  if (retry !== "no") offerAgain(turn, message, retry);
  show(turn, "nearest");
}

function offerAgain(turn, message, retry) {
  const again = makeButton("again", "Gửi lại", () => {
    turn.classList.remove("failed");
    again.remove();
    // The same id again: a server that has answered it gives that answer, and answers nothing twice.
    deliver(turn, retry === "new" ? { ...message, id: newId() } : message, true);
  });
  turn.querySelector(".status").after(again);
}

/** Resolves to `{ reply }`, or to `{ error, retry }` in words for the person. */
async function post(message) {
  try {
    let response = await request(message);
    if (response.status === 401) {
      // The cookie ran out while the page stayed open. Opening the page sets a new one.
      await fetch("./");
      response = await request(message);
    }
    const body = await response.json();
    return response.ok ? { reply: body } : { error: body.error, retry: body.retry };
  } catch {
    return { error: SAYS.unreachable, retry: "same" };
  }
}

async function request(message) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), GIVE_UP_AFTER_MS);
  try {
    const response = await fetch("api/message", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(message),
      signal: giveUp.signal,
    });
    // The whole answer has to come within the time, not only its first byte.
    const body = await response.text();
    return { ok: response.ok, status: response.status, json: () => JSON.parse(body) };
  } finally {
    clearTimeout(timer);
  }
}

// The page itself

/** Brings a turn to the top of the window; with "nearest" an element only as far as needed to see it whole. */
function show(element, block = "start") {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
}

/** Keeps the question box in sight only where it leaves room to read: not on small windows with large letters. */
function fit() {
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight + question.offsetHeight - question.clientHeight}px`;
  const stays = composer.offsetHeight < innerHeight * 0.36;
  composer.classList.toggle("stays", stays);
  document.documentElement.style.scrollPaddingBottom = stays ? `${composer.offsetHeight}px` : "";
}

function complain(words) {
  problem.textContent = words;
  if (words === "") question.removeAttribute("aria-invalid");
  else question.setAttribute("aria-invalid", "true");
  fit();
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.normalize("NFC").trim();
  const extra = [...text].length - MAX_CHARACTERS;
  if (extra > 0) {
    complain(SAYS.tooLong(extra));
    question.focus();
    return;
  }
  if (text === "") {
    question.focus();
    return;
  }
  question.value = "";
  complain("");
  send(text, { text });
});

question.addEventListener("keydown", (event) => {
  // While an input method is still composing a word, Enter ends the word (229: Safari says so only this way).
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  composer.requestSubmit();
});

question.addEventListener("input", () => complain(""));
addEventListener("resize", fit);

const greeting = JSON.parse(document.getElementById("greeting").textContent);
drawGreeting(greeting);
fit();
announcements.begin(greeting.listens);
