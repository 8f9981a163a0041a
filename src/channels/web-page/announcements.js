// Announcements: waits for them, shows each once, and says that it was shown.

/** After a lost connection: about this long, then twice that, and so on up to the longest. */
const PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/** A connection that held this long was a good one. */
const GOOD_AFTER_MS = 60_000;

const SHOWN_KEY = "an-sinh.da-hien";
const SHOWN_AT_MOST = 50;

/** `draw(blocks)` makes the element, `show(element)` brings it into sight. */
export function createAnnouncements({ log, composer, question, draw, show }) {
  const newNotice = document.getElementById("new-notice");
  let isSubscriber = false;
  let cookieLasts = false;
  let source = null;
  let again;
  let failures = 0;

  /** Drawn on this page; what other visits drew is in the browser's storage, where that is allowed. */
  const drawn = new Set();
  /** Drawn but not in sight yet, first to last. */
  const unseen = [];
  let inSight = null;

  function connect() {
    // A page that nobody sees shows nothing to anybody: it asks when it comes to the front.
    if (!isSubscriber || source !== null || document.hidden) return;
    let openedAt = Infinity;
    source = new EventSource("api/notices");
    source.addEventListener("open", () => {
      openedAt = Date.now();
      renewCookie();
    });
    source.addEventListener("notice", (event) => receive(JSON.parse(event.data)));
    source.addEventListener("over", () => listen(false));
    source.addEventListener("error", () => {
      hangUp();
      if (Date.now() - openedAt > GOOD_AFTER_MS) failures = 0;
      // Pages that lost the server together must not all come back together.
      const pauseMs = Math.min(PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures += 1;
      again = setTimeout(connect, pauseMs * (0.5 + Math.random()));
    });
  }

  function hangUp() {
    clearTimeout(again);
    source?.close();
    source = null;
  }

  /** A subscriber's cookie lasts longer than others'. Only the page's own address can set it, so that is asked for once more. */
  function renewCookie() {
    if (cookieLasts) return;
    fetch("./").then(
      () => (cookieLasts = true),
      () => undefined,
    );
  }

  function receive({ id, blocks }) {
    if (!drawn.has(id) && !shownBefore().includes(id)) {
      append(draw(blocks));
      drawn.add(id);
      const shown = [...shownBefore(), id].slice(-SHOWN_AT_MOST);
      tryStorage((storage) => storage.setItem(SHOWN_KEY, JSON.stringify(shown)));
    }
    // Also for one that comes again: the server does not know yet that it was shown. Should this get lost, it will come once more.
    fetch("api/received", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id }),
      keepalive: true,
    }).catch(() => undefined);
  }

  /** At the end of the log. Whoever reads or types stays where they are, and is told that there is something new. */
  function append(notice) {
    const before = composer.getBoundingClientRect().top;
    log.append(notice);
    noteWhenSeen(notice);
    if (document.activeElement === question) {
      scrollBy({ top: composer.getBoundingClientRect().top - before, behavior: "instant" });
    } else if (question.value === "" && log.querySelector(".turn") === null) {
      show(unseen[0]);
    }
  }

  function noteWhenSeen(notice) {
    // What is under the question box is not in sight.
    inSight ??= new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) seen(target);
        newNotice.hidden = unseen.length === 0;
      },
      { rootMargin: `0px 0px -${composer.offsetHeight}px`, threshold: 1 },
    );
    unseen.push(notice);
    inSight.observe(notice.firstElementChild);
  }

  function seen(label) {
    inSight.unobserve(label);
    const at = unseen.findIndex((notice) => notice.firstElementChild === label);
    if (at !== -1) unseen.splice(at, 1);
  }

  newNotice.addEventListener("click", () => {
    const [notice] = unseen;
    if (notice === undefined) return;
    seen(notice.firstElementChild);
    newNotice.hidden = unseen.length === 0;
    show(notice);
    notice.focus({ preventScroll: true });
  });

  document.addEventListener("visibilitychange", () => {
    hangUp();
    connect();
  });

  /** Whether the person is subscribed, as the last answer said. */
  function listen(subscribed) {
    if (subscribed === isSubscriber) return;
    isSubscriber = subscribed;
    cookieLasts = false;
    if (subscribed) {
      connect();
      return;
    }
    hangUp();
    renewCookie();
    tryStorage((storage) => storage.removeItem(SHOWN_KEY));
  }

  return {
    /** What came with the page itself, as did the cookie. */
    begin(subscribed) {
      isSubscriber = subscribed;
      cookieLasts = true;
      connect();
    },
    listen,
  };
}

function shownBefore() {
  return tryStorage((storage) => JSON.parse(storage.getItem(SHOWN_KEY))) ?? [];
}

/** Storage may be full, spoilt or not allowed. */
function tryStorage(use) {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
