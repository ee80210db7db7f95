/** By which value the list of symbols is sorted, and in which direction. The browser remembers it. */

import { compareDecimals } from "./decimals.js";
import { delayOf } from "./delay.js";
import { element, setText } from "./dom.js";

const STORED_AS = "symbol-order";

const byName = (a, b) => compareText(a.symbol, b.symbol) || compareText(a.source, b.source);

/** `compare` is ascending. `words` says what comes first when ascending, and when descending. */
const COLUMNS = {
  symbol: { compare: byName, words: ["A first", "Z first"] },
  price: {
    compare: (a, b) => compareDecimals(a.price, b.price),
    words: ["lowest first", "highest first"],
    startsDescending: true,
  },
  change: {
    compare: (a, b) => Number(a.change_percent) - Number(b.change_percent),
    isMissing: (each) => each.change_percent === null,
    words: ["lowest first", "highest first"],
    startsDescending: true,
    name: "change of the day",
  },
  age: {
    // The age itself grows while one symbol is compared with the next.
    compare: (a, b) => b.received_at_ms - a.received_at_ms,
    words: ["newest first", "oldest first"],
  },
  delay: {
    compare: (a, b) => delayOf(a) - delayOf(b),
    words: ["shortest first", "longest first"],
    startsDescending: true,
    name: "feed delay",
  },
};

export class Order {
  #buttons = new Map();
  #status;
  #by = "symbol";
  #isDescending = false;
  #onChange;

  /** `toolbar` has a button for each column. `status` tells screen readers about changes. */
  constructor(toolbar, status, onChange) {
    this.#status = status;
    this.#onChange = onChange;
    for (const button of toolbar.querySelectorAll("[data-by]")) {
      this.#buttons.set(button.dataset.by, button);
      button.append(element("span", { className: "arrow", ariaHidden: "true" }));
      button.addEventListener("click", () => this.#choose(button.dataset.by));
    }
    toolbar.addEventListener("keydown", (event) => this.#onKey(event));
    this.#recall();
    this.#show();
  }

  /** A sorted copy. Symbols without the value are last. Equal ones are sorted by name. */
  sort(symbols) {
    const { compare, isMissing = () => false } = COLUMNS[this.#by];
    const sign = this.#isDescending ? -1 : 1;
    return [...symbols].sort((a, b) =>
      isMissing(a) - isMissing(b)
        || (isMissing(a) ? 0 : sign * compare(a, b))
        || byName(a, b));
  }

  #choose(by) {
    this.#isDescending = by === this.#by ? !this.#isDescending : COLUMNS[by].startsDescending === true;
    this.#by = by;
    try {
      localStorage.setItem(STORED_AS, `${by} ${this.#isDescending ? "descending" : "ascending"}`);
    } catch {
      // The choice lasts until the page is closed.
    }
    this.#show();
    setText(this.#status, `Sorted by ${this.#words()}`);
    this.#onChange();
  }

  #recall() {
    try {
      const [by, direction] = (localStorage.getItem(STORED_AS) ?? "").split(" ");
      if (Object.hasOwn(COLUMNS, by)) {
        this.#by = by;
        this.#isDescending = direction === "descending";
      }
    } catch {
      // Storage can be off. Then the list is sorted by name.
    }
  }

  #show() {
    for (const [by, button] of this.#buttons) {
      const isChosen = by === this.#by;
      button.setAttribute("aria-pressed", String(isChosen));
      button.title = isChosen ? `Sorted by ${this.#words()}` : `Sort by ${nameOf(by)}`;
      button.tabIndex = isChosen ? 0 : -1;
      setText(button.lastChild, !isChosen ? "" : this.#isDescending ? "▼" : "▲");
    }
  }

  #words() {
    return `${nameOf(this.#by)}, ${COLUMNS[this.#by].words[this.#isDescending ? 1 : 0]}`;
  }

  /** One stop of the tab key. The arrow keys move within it, as in every toolbar. */
  #onKey(event) {
    const buttons = [...this.#buttons.values()];
    const now = buttons.indexOf(document.activeElement);
    const last = buttons.length - 1;
    const next = {
      ArrowRight: Math.min(last, now + 1), ArrowLeft: Math.max(0, now - 1), Home: 0, End: last,
    }[event.key];
    if (next !== undefined && now >= 0) {
      buttons.forEach((button, index) => {
        button.tabIndex = index === next ? 0 : -1;
      });
      buttons[next].focus();
      event.preventDefault();
    }
  }
}

function nameOf(by) {
  return COLUMNS[by].name ?? by;
}

function compareText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
