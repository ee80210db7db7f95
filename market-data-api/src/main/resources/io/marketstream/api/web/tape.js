/** The newest ticks of the symbol, from the stream. */

import { get, sleep, url } from "./api.js";
import { forget, report } from "./connection.js";
import { element, setText } from "./dom.js";
import * as format from "./format.js";

const CHANNEL = "stream";
const ROWS = 60;
const DRAW_EVERY_MS = 150;
const MAX_RETRY_MS = 5_000;

let names = null;

/** The names of Finnhub's trade conditions. Without them, the codes are shown. */
async function conditionNames() {
  if (!names) {
    const { conditions } = await get("conditions");
    names = new Map(conditions.map(({ code, name }) => [code, name]));
  }
  return names;
}

export class Tape {
  #body;
  #onTick;
  #rows = [];
  #waiting = [];
  #seen = new Set();
  #isPaused = false;
  #timer = null;
  #abort = null;

  constructor(body, pause, onTick) {
    this.#body = body;
    this.#onTick = onTick;
    pause.addEventListener("click", () => {
      this.#isPaused = !this.#isPaused;
      pause.setAttribute("aria-pressed", String(this.#isPaused));
      setText(pause, this.#isPaused ? "Continue" : "Pause");
      this.#schedule();
    });
  }

  /** Follows no symbol. */
  stop() {
    this.#abort?.abort();
    this.#waiting = [];
    this.#seen.clear();
    this.#rows = [];
    this.#body.replaceChildren();
    forget(CHANNEL);
  }

  /** Follows another symbol. */
  follow(query, newestTick) {
    this.stop();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    conditionNames().catch(() => {});
    this.#readPast(query, newestTick, signal);
    this.#listen(query, signal);
  }

  async #readPast(query, newestTick, signal) {
    try {
      const from = newestTick - 3_600_000;
      const answer = await get("ticks", { ...query, from, to: newestTick + 1, limit: ROWS }, signal);
      answer.ticks.reverse().forEach((tick) => this.#add(tick));
    } catch {
      // The stream reports the problem. The past is not worth a second message.
    }
  }

  async #listen({ source, symbol }, signal) {
    let failures = 0;
    let last = null;
    while (!signal.aborted) {
      const parameters = { source, symbols: symbol, ...(last && { last_event_id: last }) };
      const stream = new EventSource(url("stream", parameters));
      const end = new Promise((resolve) => {
        const close = () => {
          stream.close();
          resolve();
        };
        signal.addEventListener("abort", close, { once: true });
        stream.addEventListener("open", () => {
          failures = 0;
          report(CHANNEL, null);
        });
        // The browser reconnects by itself after a lost connection, but not after a status such as
        // 503. One way for both is simpler.
        stream.addEventListener("error", () => {
          if (!signal.aborted) {
            report(CHANNEL, "The stream of ticks is interrupted");
          }
          close();
        });
        stream.addEventListener("tick", (event) => {
          last = event.lastEventId;
          const tick = JSON.parse(event.data);
          this.#onTick(tick);
          this.#add(tick);
        });
        stream.addEventListener("reset", () => {
          last = null;
        });
      });
      await end;
      await sleep(Math.min(MAX_RETRY_MS, 500 * 2 ** failures++), signal);
    }
  }

  #add(tick) {
    const id = `${tick.session}:${tick.sequence}`;
    if (this.#seen.has(id)) {
      return;
    }
    this.#seen.add(id);
    this.#waiting.push(tick);
    if (this.#waiting.length > 4 * ROWS) {
      this.#waiting.splice(0, this.#waiting.length - ROWS);
    }
    if (this.#seen.size > 20 * ROWS) {
      this.#seen = new Set([...this.#seen].slice(-10 * ROWS));
    }
    this.#schedule();
  }

  #schedule() {
    if (this.#timer === null && !this.#isPaused) {
      this.#timer = setTimeout(() => {
        this.#timer = null;
        requestAnimationFrame(() => this.#draw());
      }, DRAW_EVERY_MS);
    }
  }

  #draw() {
    const ticks = this.#waiting.splice(0).sort((a, b) =>
      a.event_time_ms - b.event_time_ms || a.session - b.session || a.sequence - b.sequence);
    if (this.#isPaused || ticks.length === 0) {
      this.#waiting.push(...ticks);
      return;
    }
    // Late ticks stand where their event time belongs.
    this.#rows = [...this.#rows, ...ticks.map((tick) => ({ tick, node: null }))]
      .sort((a, b) => a.tick.event_time_ms - b.tick.event_time_ms || a.tick.sequence - b.tick.sequence)
      .slice(-ROWS);
    let before = null;
    for (const row of this.#rows) {
      row.node ??= line(row.tick, before);
      before = row.tick;
    }
    this.#body.replaceChildren(...this.#rows.map((row) => row.node).reverse());
  }
}

function line(tick, before) {
  const change = before === null ? 0 : Number(tick.price) - Number(before.price);
  const direction = change > 0 ? "up" : change < 0 ? "down" : "flat";
  const [main, tail] = format.splitPrice(tick.price);
  const price = element("span", {}, main, element("span", { className: "tail" }, tail));
  price.dataset.direction = direction;
  const conditions = tick.conditions.map((code) => names?.get(code) ?? `Condition ${code}`);
  const words = [
    ...(tick.kind === "price" ? ["Indicative"] : []),
    ...(tick.origin === "repair" ? ["Repaired"] : []),
  ];
  const text = [...words, ...conditions].join(", ");
  return element(
    "tr", { className: tick.kind },
    element("td", { title: tick.event_time }, format.timeOfDay(tick.event_time_ms, true)),
    element("td", { className: "number" }, price),
    element("td", { className: "number" }, tick.volume === "0" ? "" : (tick.volume ?? "")),
    element("td", { className: "side" }, tick.side ?? ""),
    element("td", { className: "conditions", title: text }, text));
}
