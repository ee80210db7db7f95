/**
 * The list of symbols. Only rows in view are in the document, so that thousands of symbols stay
 * smooth.
 */

import { delayOf, delayState, explainDelay } from "./delay.js";
import { element, setText } from "./dom.js";
import * as format from "./format.js";
import { key, Market, STALE_MS } from "./market.js";
import { Order } from "./order.js";
import { HEIGHT, Sparklines, WIDTH } from "./sparklines.js";

const OVERSCAN = 6;
const FLASH_MS = 700;
const SORT_EVERY_MS = 2_000;
/** Rows do not change places for so long after a key, or after the list was scrolled. */
const HOLD_AFTER_KEY_MS = 10_000;
const HOLD_AFTER_SCROLL_MS = 2_000;
const SVG = "http://www.w3.org/2000/svg";

export class SymbolList {
  #market;
  #list;
  #space;
  #filter;
  #count;
  #toolbar;
  #onChoose;
  #order;
  #sparklines = new Sparklines(() => this.#schedule());
  /** The keys of all symbols, as they were sorted last. */
  #sequence = [];
  #sortedAt = -Infinity;
  #heldUntil = 0;
  #isPointed = false;
  #shown = [];
  #rows = [];
  #active = -1;
  #chosen = null;
  #rowHeight = 30;
  #isScheduled = false;
  #hasSeveralSources = false;

  constructor(market, { list, space, filter, count, toolbar, status }, onChoose) {
    this.#market = market;
    this.#list = list;
    this.#space = space;
    this.#filter = filter;
    this.#count = count;
    this.#toolbar = toolbar;
    this.#onChoose = onChoose;
    this.#order = new Order(toolbar, status, () => {
      this.#sort();
      list.scrollTop = 0;
      this.update();
    });
    filter.addEventListener("input", () => {
      this.#active = 0;
      list.scrollTop = 0;
      this.update();
    });
    filter.addEventListener("keydown", (event) => this.#onKey(event, true));
    list.addEventListener("keydown", (event) => this.#onKey(event, false));
    list.addEventListener("scroll", () => {
      this.#hold(HOLD_AFTER_SCROLL_MS);
      this.#schedule();
    }, { passive: true });
    // A finger leaves the list when it is lifted.
    list.addEventListener("pointerenter", () => {
      this.#isPointed = true;
    });
    list.addEventListener("pointerleave", () => {
      this.#isPointed = false;
    });
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) {
        this.#move(Number(row.dataset.index));
        this.#choose();
      }
    });
    new ResizeObserver(() => this.#schedule()).observe(list);
    document.addEventListener("keydown", (event) => {
      const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        filter.focus();
        filter.select();
      }
    });
  }

  /** Marks the symbol that the page shows, and brings it into view. */
  choose(source, symbol) {
    this.#chosen = `${source}:${symbol}`;
    const index = this.#shown.findIndex((each) => key(each) === this.#chosen);
    if (index >= 0) {
      this.#move(index);
    }
    this.#schedule();
  }

  /** Shows what the market has now. */
  update() {
    const words = this.#filter.value.trim().toLowerCase();
    const all = this.#arranged();
    const activeKey = this.#shown[this.#active] && key(this.#shown[this.#active]);
    this.#hasSeveralSources = new Set(all.map((each) => each.source)).size > 1;
    this.#shown = words === "" ? all : all.filter((each) => key(each).toLowerCase().includes(words));
    const active = this.#shown.findIndex((each) => key(each) === activeKey);
    this.#active = active >= 0 ? active : Math.min(this.#active, this.#shown.length - 1);
    setText(
      this.#count,
      this.#shown.length === all.length
        ? format.count(all.length)
        : `${format.count(this.#shown.length)} of ${format.count(all.length)}`);
    this.#count.setAttribute("aria-label", `${this.#count.textContent} symbols`);
    this.#schedule();
  }

  #hold(ms) {
    this.#heldUntil = Math.max(this.#heldUntil, performance.now() + ms);
  }

  /** Whether somebody is pointing at a row, or reads one after the other. */
  get #isHeld() {
    return this.#isPointed || performance.now() < this.#heldUntil || this.#list.matches(":focus-visible");
  }

  #sort() {
    this.#sequence = this.#order.sort(this.#market.symbols).map(key);
    this.#sortedAt = performance.now();
  }

  /** All symbols, in an order that changes only while nobody uses the list, and not often. */
  #arranged() {
    const isHeld = this.#isHeld;
    this.#toolbar.classList.toggle("held", isHeld);
    const isFirst = this.#sequence.length === 0;
    if (isFirst || (!isHeld && performance.now() - this.#sortedAt >= SORT_EVERY_MS)) {
      this.#sort();
    }
    const rest = new Map(this.#market.symbols.map((each) => [key(each), each]));
    const all = [];
    for (const name of this.#sequence) {
      const symbol = rest.get(name);
      if (symbol) {
        all.push(symbol);
        rest.delete(name);
      }
    }
    // New symbols wait at the end until the list is sorted.
    return all.concat([...rest.values()]);
  }

  #onKey(event, isInFilter) {
    const page = Math.max(1, Math.floor(this.#list.clientHeight / this.#rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const last = this.#shown.length - 1;
    if (event.key in steps) {
      this.#move(Math.max(0, Math.min(last, this.#active + steps[event.key])));
    } else if (!isInFilter && event.key === "Home") {
      this.#move(0);
    } else if (!isInFilter && event.key === "End") {
      this.#move(last);
    } else if (event.key === "Enter" || (!isInFilter && event.key === " ")) {
      this.#choose();
    } else if (isInFilter && event.key === "Escape") {
      this.#filter.value = "";
      this.update();
    } else {
      return;
    }
    this.#hold(HOLD_AFTER_KEY_MS);
    event.preventDefault();
  }

  #move(index) {
    this.#active = index;
    const top = index * this.#rowHeight;
    if (top < this.#list.scrollTop) {
      this.#list.scrollTop = top;
    } else if (top + this.#rowHeight > this.#list.scrollTop + this.#list.clientHeight) {
      this.#list.scrollTop = top + this.#rowHeight - this.#list.clientHeight;
    }
    this.#schedule();
  }

  #choose() {
    const symbol = this.#shown[this.#active];
    if (symbol) {
      this.#onChoose(symbol);
    }
  }

  #schedule() {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      requestAnimationFrame(() => {
        this.#isScheduled = false;
        this.#draw();
      });
    }
  }

  #draw() {
    const height = parseFloat(getComputedStyle(this.#list).getPropertyValue("--row")) || 30;
    this.#rowHeight = height;
    this.#space.style.height = `${this.#shown.length * height}px`;
    const first = Math.max(0, Math.floor(this.#list.scrollTop / height) - OVERSCAN);
    const needed = Math.ceil(this.#list.clientHeight / height) + 2 * OVERSCAN;
    const last = Math.min(this.#shown.length, first + needed);
    while (this.#rows.length < needed) {
      const row = new Row();
      this.#rows.push(row);
      this.#space.append(row.node);
    }
    // A symbol keeps its row while it is in view, so that its changes can flash.
    const count = this.#rows.length;
    for (let slot = 0; slot < count; slot++) {
      const index = first + ((((slot - first) % count) + count) % count);
      const row = this.#rows[slot];
      if (index < last) {
        row.show(this.#shown[index], {
          index,
          size: this.#shown.length,
          height,
          isActive: index === this.#active,
          isChosen: key(this.#shown[index]) === this.#chosen,
          withSource: this.#hasSeveralSources,
          line: this.#sparklines.line(this.#shown[index]),
        });
      } else {
        row.hide();
      }
    }
    this.#sparklines.want(this.#shown.slice(
      Math.floor(this.#list.scrollTop / height),
      Math.ceil((this.#list.scrollTop + this.#list.clientHeight) / height)));
    const active = this.#active >= first && this.#active < last ? `symbol-${this.#active}` : null;
    if (active) {
      this.#list.setAttribute("aria-activedescendant", active);
    } else {
      this.#list.removeAttribute("aria-activedescendant");
    }
  }
}

class Row {
  #symbol = element("span", { className: "symbol" });
  #name = element("b");
  #source = element("small");
  #price = element("span", { className: "price" });
  #main = element("span");
  #tail = element("span", { className: "tail" });
  #spark = element("span", { className: "spark" });
  #path = document.createElementNS(SVG, "path");
  #line = null;
  #change = element("span", { className: "change" });
  #age = element("span", { className: "age" });
  #delay = element("span", { className: "delay" });
  #key = null;
  #lastPrice = null;

  constructor() {
    this.#symbol.append(this.#name, this.#source);
    this.#price.append(this.#main, this.#tail);
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("width", WIDTH);
    picture.setAttribute("height", HEIGHT);
    picture.append(this.#path);
    this.#spark.append(picture);
    this.node = element(
      "div", { className: "row", role: "option" },
      this.#symbol, this.#price, this.#spark, this.#change, this.#age, this.#delay);
  }

  show(symbol, { index, size, height, isActive, isChosen, withSource, line }) {
    const node = this.node;
    const age = Market.age(symbol);
    const change = format.percent(symbol.change_percent);
    if (Number(node.dataset.index) !== index) {
      node.dataset.index = index;
      node.id = `symbol-${index}`;
      node.setAttribute("aria-posinset", index + 1);
    }
    const top = `translateY(${index * height}px)`;
    if (node.style.transform !== top) {
      node.style.transform = top;
    }
    if (Number(node.ariaSetSize) !== size) {
      node.setAttribute("aria-setsize", size);
    }
    setAttribute(node, "aria-selected", String(isChosen));
    node.classList.toggle("active", isActive);
    node.classList.toggle("stale", age >= STALE_MS);
    node.classList.toggle("in-gap", symbol.open_gap !== null);
    node.hidden = false;
    setText(this.#name, symbol.symbol);
    setText(this.#source, withSource ? symbol.source : "");
    const [main, tail] = format.splitPrice(symbol.price);
    setText(this.#main, main);
    setText(this.#tail, tail);
    setText(this.#change, change);
    this.#change.dataset.direction = format.direction(symbol.change_percent);
    setText(this.#age, format.age(age));
    const delay = delayOf(symbol);
    setText(this.#delay, format.delay(delay));
    setAttribute(this.#delay, "data-state", delayState(delay));
    setAttribute(this.#delay, "title", explainDelay(delay));
    this.#draw(line);
    const gap = symbol.open_gap
      ? `. Gap since ${symbol.open_gap.gap_start}: ${format.cause(symbol.open_gap.cause)}`
      : "";
    const simulated = symbol.simulated ? ", simulated" : "";
    setAttribute(node, "title", `${symbol.symbol} from ${symbol.source}: ${symbol.price}${simulated}${gap}`);
    const parts = [
      `${symbol.symbol} from ${symbol.source}`,
      `price ${symbol.price}${simulated}`,
      change && `day ${change}`,
      line?.words,
      `age ${format.age(age)}`,
      `feed delay ${format.delay(delay)}${delay < 0 ? ", clock problem" : ""}`,
    ];
    setAttribute(node, "aria-label", parts.filter(Boolean).join(", ") + gap);
    if (this.#key === key(symbol) && this.#lastPrice !== symbol.price) {
      flash(this.#price, Number(symbol.price) >= Number(this.#lastPrice));
    }
    this.#key = key(symbol);
    this.#lastPrice = symbol.price;
  }

  #draw(line) {
    if (this.#line !== line) {
      this.#line = line;
      this.#path.setAttribute("d", line?.path ?? "");
      this.#spark.dataset.direction = line?.direction ?? "flat";
      this.#spark.title = line?.title ?? "";
    }
  }

  hide() {
    if (!this.node.hidden) {
      this.node.hidden = true;
      this.#key = null;
    }
  }
}

function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) {
    node.setAttribute(name, value);
  }
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Shows for a moment that a price rose or fell. */
export function flash(node, isUp) {
  if (!calm.matches) {
    node.animate(
      [{ backgroundColor: `var(--${isUp ? "up" : "down"}-soft)` }, { backgroundColor: "transparent" }],
      FLASH_MS);
  }
}
