/** One cell per day: how much of the day was recorded without a gap. */

import { get } from "./api.js";
import { element, setText } from "./dom.js";
import * as format from "./format.js";

const DAY_MS = 86_400_000;
const DAYS = 30;
const NAMES = {
  complete: "Complete",
  degraded: "Degraded",
  missing: "Missing",
  pending: "Not over yet",
  unrecorded: "Before the first record",
};

export class Completeness {
  #list;
  #detail;
  #onChoose;
  #days = [];
  #chosen = null;

  constructor(list, detail, onChoose) {
    this.#list = list;
    this.#detail = detail;
    this.#onChoose = onChoose;
    list.addEventListener("click", (event) => this.#choose(event, true));
    list.addEventListener("focusin", (event) => this.#choose(event, false));
    list.addEventListener("pointerover", (event) => this.#choose(event, false));
    list.addEventListener("keydown", (event) => this.#onKey(event));
  }

  clear() {
    this.#days = [];
    this.#chosen = null;
    this.#list.replaceChildren();
    setText(this.#detail, "");
  }

  /** Says why there are no days. */
  fail(text) {
    this.clear();
    setText(this.#detail, text);
  }

  async refresh(query, signal) {
    const to = (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
    const { parts } = await get("completeness", { ...query, from: to - DAYS * DAY_MS, to, by: "day" }, signal);
    const firstRecorded = parts.findIndex((each) => each.state !== "missing" || each.ticks > 0 || each.audited || each.gap_ms > 0);
    this.#days = parts.map((part, index) => ({
      ...part,
      state: firstRecorded < 0 || index < firstRecorded ? "unrecorded" : part.state,
    }));
    this.#draw();
  }

  #draw() {
    while (this.#list.children.length > this.#days.length) {
      this.#list.lastChild.remove();
    }
    this.#days.forEach((day, index) => {
      if (!this.#list.children[index]) {
        this.#list.append(
          element("li", {}, element("button", { type: "button", tabIndex: -1 }, element("span", { className: "fill" }))));
      }
      const button = this.#list.children[index].firstChild;
      const ofDay = day.covered_ms / (day.to_ms - day.from_ms);
      button.dataset.index = index;
      button.dataset.state = day.state;
      button.tabIndex = index === (this.#chosen ?? this.#days.length - 1) ? 0 : -1;
      button.style.setProperty("--covered", `${Math.round(ofDay * 1000) / 10}%`);
      button.setAttribute("aria-label", describe(day));
      button.title = describe(day);
    });
    this.#showDetail();
  }

  #choose(event, isClick) {
    const button = event.target.closest("button");
    if (button) {
      this.#chosen = Number(button.dataset.index);
      this.#showDetail();
      if (isClick) {
        this.#onChoose(this.#days[this.#chosen].from_ms);
      }
    }
  }

  #showDetail() {
    const day = this.#days[this.#chosen ?? this.#days.length - 1];
    setText(this.#detail, day ? describe(day) : "");
  }

  #onKey(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -DAYS, End: DAYS };
    if (event.key in steps) {
      const now = this.#chosen ?? this.#days.length - 1;
      const next = Math.max(0, Math.min(this.#days.length - 1, now + steps[event.key]));
      for (const item of this.#list.children) {
        item.firstChild.tabIndex = -1;
      }
      const button = this.#list.children[next]?.firstChild;
      if (button) {
        button.tabIndex = 0;
        button.focus();
      }
      event.preventDefault();
    }
  }
}

function describe(day) {
  const parts = [`${format.date(day.from_ms)}: ${NAMES[day.state] ?? day.state}`];
  if (day.state !== "unrecorded") {
    parts.push(
      `${format.duration(day.covered_ms)} without a gap`,
      day.gap_ms > 0 ? `${format.duration(day.gap_ms)} in gaps` : "no gaps",
      day.ticks === 1 ? "1 tick" : `${format.count(day.ticks)} ticks`,
      `${format.count(day.dropped)} dropped`,
      day.audited ? "audited" : "not audited");
  }
  return parts.join(" · ");
}
