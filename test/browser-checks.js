// Runs inside the page: what axe would ask of it, in the words of this project. Each check returns what is wrong.
// oxlint-disable-next-line no-unused-expressions
({
  /** Text below a contrast of 4.5 to what is behind it. */
  faintTexts() {
    const channels = (color) => color.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => {
      const [red, green, blue] = [r, g, b]
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = channels(getComputedStyle(at).backgroundColor);
        if (color[3] !== 0) return color;
      }
      return [255, 255, 255];
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
      const [a, b] = [channels(getComputedStyle(element).color), behind(element)]
        .map(luminance)
        .sort((x, y) => y - x);
      const contrast = (a + 0.05) / (b + 0.05);
      if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${walker.currentNode.textContent}`);
    }
    return faint;
  },

  /** Edges of announcements below a contrast of 3 to the paper around them or the card inside. */
  faintNoticeEdges() {
    const luminance = (color) => {
      const [red, green, blue] = color
        .match(/[\d.]+/g)
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const { borderLeftColor, backgroundColor } = getComputedStyle(
      document.querySelector(".announcement"),
    );
    const paper = getComputedStyle(document.body).backgroundColor;
    return [backgroundColor, paper]
      .map((color) => [luminance(borderLeftColor), luminance(color)].sort((x, y) => y - x))
      .map(([a, b]) => (a + 0.05) / (b + 0.05))
      .filter((contrast) => contrast < 3);
  },

  /** Text below 18 px. */
  smallTexts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const small = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      if (size < 18) small.push(`${size} ${walker.currentNode.textContent}`);
    }
    return small;
  },

  /** Controls that a trembling thumb would miss: under 24 px either way. Links inside sentences are exempt (WCAG 2.5.8). */
  smallTargets() {
    return [...document.querySelectorAll("button, textarea, a:not(p a, li a, .skip)")]
      .filter((element) => element.checkVisibility())
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ element }) => element.textContent);
  },

  /** Pixels by which the page is wider than the window. */
  overflow() {
    return document.documentElement.scrollWidth - innerWidth;
  },

  headings() {
    return [...document.querySelectorAll("h1, h2, h3")].map(
      (heading) => `${heading.tagName} ${heading.textContent}`,
    );
  },

  /** Whether the element with focus shows it. */
  focusShows() {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  },

  focusIsOnNewestReply() {
    return document.activeElement.matches(".turn:last-child .reply");
  },

  /** Whether the button to send again is where it can be pressed, not under the question box. */
  retryIsInSight() {
    const { bottom } = document.querySelector(".again").getBoundingClientRect();
    return bottom <= document.querySelector("#composer").getBoundingClientRect().top;
  },

  /** Whether an announcement begins where it can be read, not under the question box. */
  newestNoticeIsInSight() {
    const { top, bottom } = document.querySelector(".announcement .label").getBoundingClientRect();
    return top >= 0 && bottom <= document.querySelector("#composer").getBoundingClientRect().top;
  },

  focused() {
    return document.activeElement.textContent.trim() || document.activeElement.id;
  },
});
