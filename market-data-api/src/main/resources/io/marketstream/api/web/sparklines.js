/**
 * The closes of the last hour, as a small line per symbol. Only symbols in view are read, few at a
 * time, and each at most once a minute. In between, ticks extend the line.
 */

import { ApiError, get } from "./api.js";
import { compareDecimals } from "./decimals.js";
import * as format from "./format.js";
import { key } from "./market.js";

export const WIDTH = 60;
export const HEIGHT = 22;
const MINUTE_MS = 60_000;
const MINUTES = 60;
const MARGIN = 2;
const READ_EVERY_MS = 60_000;
const RETRY_MS = 10_000;
const MAX_READS_AT_ONCE = 2;
/** Rows that only pass by while the list is scrolled are not read. */
const REST_MS = 200;
/** The job writes a candle some seconds after its last tick. */
const SETTLED_MS = 120_000;
const MAX_ENTRIES = 2_000;

export class Sparklines {
  #entries = new Map();
  #wanted = [];
  #reads = 0;
  #timer = null;
  #isRefused = false;
  #onChange;

  /** `onChange` is called when a line was read. */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** Reads these symbols, as soon as they have been wanted for a moment. */
  want(symbols) {
    const isSame = symbols.length === this.#wanted.length
      && symbols.every((each, index) => key(each) === key(this.#wanted[index]));
    this.#wanted = symbols;
    if (!isSame) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#readNext();
      }, REST_MS);
    }
    this.#readNext();
  }

  /** The line of a symbol: its path, direction and title. Null if nothing was read yet. */
  line(symbol) {
    const entry = this.#entries.get(key(symbol));
    if (!entry?.closes) {
      return null;
    }
    const newest = openOf(symbol.event_time_ms);
    const last = openOf(Math.max(Date.now(), symbol.event_time_ms));
    const stamp = `${entry.reads} ${last} ${symbol.event_time_ms} ${symbol.price}`;
    if (entry.stamp !== stamp) {
      entry.stamp = stamp;
      if (symbol.event_time_ms > entry.tickWhenRead && newest >= newestOf(entry.closes)) {
        entry.closes.set(newest, symbol.price);
      }
      entry.line = lineOf(entry.closes, last);
    }
    return entry.line;
  }

  #readNext() {
    if (this.#isRefused || document.hidden || this.#timer !== null) {
      return;
    }
    for (const symbol of this.#wanted) {
      if (this.#reads >= MAX_READS_AT_ONCE) {
        return;
      }
      if (this.#isDue(symbol)) {
        this.#read(symbol);
      }
    }
  }

  #isDue(symbol) {
    const now = Date.now();
    if (now - symbol.event_time_ms > (MINUTES + 1) * MINUTE_MS) {
      return false;
    }
    const entry = this.#entries.get(key(symbol));
    return !entry
      || (performance.now() >= entry.dueAt && !(entry.isSettled && entry.tickWhenRead === symbol.event_time_ms));
  }

  async #read(symbol) {
    const name = key(symbol);
    const entry = this.#entries.get(name) ?? { reads: 0, closes: null };
    // The entry that was read last stands at the end.
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    if (this.#entries.size > MAX_ENTRIES) {
      this.#entries.delete(this.#entries.keys().next().value);
    }
    const tickWhenRead = symbol.event_time_ms;
    const now = Math.max(Date.now(), tickWhenRead);
    const from = openOf(now) - (MINUTES - 1) * MINUTE_MS;
    entry.dueAt = performance.now() + READ_EVERY_MS;
    this.#reads++;
    try {
      const parameters = { source: symbol.source, symbol: symbol.symbol, interval: "1m", from, to: from + MINUTES * MINUTE_MS };
      const { candles } = await get("candles", parameters);
      const closes = new Map(candles.filter(({ c }) => c !== null).map(({ t_ms, c }) => [t_ms, c]));
      const last = newestOf(closes);
      for (const [open, close] of entry.closes ?? []) {
        if (open > last) {
          closes.set(open, close);
        }
      }
      Object.assign(entry, { closes, tickWhenRead, isSettled: now - tickWhenRead > SETTLED_MS, reads: entry.reads + 1 });
      this.#onChange();
    } catch (error) {
      if (!(error instanceof ApiError)) {
        console.error(error);
      } else if (error.isTemporary) {
        // Other requests report the problem.
        entry.dueAt = performance.now() + RETRY_MS;
      } else if (error.parameter === "interval") {
        this.#isRefused = true;
      }
    } finally {
      this.#reads--;
      this.#readNext();
    }
  }
}

function openOf(ms) {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

function newestOf(closes) {
  return Math.max(0, ...closes.keys());
}

/** A minute without a close breaks the line. A minute between two such minutes is a dot. */
function lineOf(closes, last) {
  const first = last - (MINUTES - 1) * MINUTE_MS;
  const times = [...closes.keys()].filter((t) => t >= first && t <= last).sort((a, b) => a - b);
  if (times.length === 0) {
    return { path: "", direction: "flat", title: "No candles in the last hour", words: "" };
  }
  // For drawing, floating point is enough.
  const values = times.map((t) => Number(closes.get(t)));
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const path = times.map((t, index) => {
    const x = MARGIN + ((WIDTH - 2 * MARGIN) * (t - first)) / (last - first);
    const share = range === 0 ? 0.5 : (values[index] - low) / range;
    const y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share;
    const point = `${x.toFixed(1)} ${y.toFixed(1)}`;
    return times[index - 1] === t - MINUTE_MS ? `L${point}` : `M${point}h0`;
  }).join("");
  const start = closes.get(times[0]);
  const end = closes.get(times[times.length - 1]);
  const sign = compareDecimals(end, start);
  const change = Number(start) === 0
    ? ""
    : format.percent((((Number(end) - Number(start)) / Number(start)) * 100).toFixed(4));
  return {
    path,
    direction: sign > 0 ? "up" : sign < 0 ? "down" : "flat",
    title: `Closes of the last hour: ${start} to ${end}${change ? `, ${change}` : ""}`,
    words: `last hour ${change || "unknown"}`,
  };
}
