/** The candles and gaps of one symbol and interval, as far as they were read. */

import { allPages, ApiError, get } from "./api.js";

export const INTERVAL_MS = {
  "1m": 60_000, "5m": 300_000, "15m": 900_000, "1h": 3_600_000, "1d": 86_400_000,
};
const PAGE = 500;
/** The API makes days from shorter candles, and limits how many at once. */
const DAYS = 100;
/** The largest page that the API may accept, by interval. It depends on the candles that are stored. */
const pageLimits = new Map(
  Object.keys(INTERVAL_MS).map((interval) => [interval, interval === "1d" ? DAYS : 2 * PAGE]));
const MAX_EMPTY_READS = 5;
/** The API answers at most ten years of candles, and one of gaps. */
const MAX_RANGE_MS = 3_650 * 86_400_000;
const MAX_GAP_RANGE_MS = 365 * 86_400_000;
/** Longer gaps without candles are drawn shorter than they were. */
const MAX_EMPTY_SLOTS = 240;

export class CandleStore {
  #candles = new Map();
  #times = [];
  #gaps = [];
  #from = null;
  #gapsFrom = null;
  #isExhausted = false;
  #signal;

  constructor({ source, symbol, interval }, signal) {
    this.query = { source, symbol };
    this.interval = interval;
    this.intervalMs = INTERVAL_MS[interval];
    this.#signal = signal;
  }

  /** The start of the time whose gaps were read; null before that. */
  get gapsFrom() {
    return this.#gapsFrom;
  }

  get isExhausted() {
    return this.#isExhausted;
  }

  get gaps() {
    return this.#gaps;
  }

  get isEmpty() {
    return this.#times.length === 0;
  }

  /** Reads the newest candles. `newestTick` is the time of the newest tick, epoch ms. */
  async readNewest(newestTick) {
    const now = Math.max(Date.now(), newestTick);
    this.#from = this.#open(now) + this.intervalMs;
    await this.readOlder();
    await this.readGaps();
  }

  /** Reads candles before those that are known. A market can be closed for long. */
  async readOlder() {
    let count = this.#firstCount;
    let found = [];
    for (let i = 0; i < MAX_EMPTY_READS && found.length === 0; i++, count *= 4) {
      const to = this.#from;
      const from = Math.max(0, to - Math.min(MAX_RANGE_MS, count * this.intervalMs));
      found = await this.#read(from, to);
      this.#from = from;
    }
    this.#isExhausted = found.length === 0;
    this.#add(found);
    return found.length;
  }

  /** Reads no more candles before those that are known. */
  stopReadingOlder() {
    this.#isExhausted = true;
  }

  /** Reads the last known candle again, and those after it. */
  async readLast() {
    const last = this.#times[this.#times.length - 1] ?? this.#open(Date.now());
    this.#add(await this.#read(last, Math.max(Date.now(), last) + this.intervalMs));
  }

  /** Reads the gaps of the time that is known. */
  async readGaps() {
    const to = Math.max(Date.now(), this.#times[this.#times.length - 1] ?? 0) + this.intervalMs;
    // Without candles, the time of a first page.
    const first = this.#times[0] ?? Math.min(this.#from, to - this.#firstCount * this.intervalMs);
    const from = Math.max(first, to - MAX_GAP_RANGE_MS);
    const answer = await get("gaps", { ...this.query, from, to }, this.#signal);
    // Nothing is missing in a gap that was repaired.
    this.#gaps = answer.gaps.filter((gap) => gap.repaired_at_ms === null);
    this.#gapsFrom = from;
  }

  get #firstCount() {
    return this.interval === "1d" ? DAYS : PAGE;
  }

  async #read(from, to) {
    const wanted = Math.max(1, Math.ceil((to - from) / this.intervalMs));
    for (;;) {
      const limit = Math.min(wanted, pageLimits.get(this.interval));
      const parameters = { ...this.query, interval: this.interval, from, to, limit };
      try {
        return await allPages("candles", parameters, "candles", this.#signal);
      } catch (error) {
        const isTooLarge = error instanceof ApiError && error.status === 400 && error.parameter === "limit";
        if (!isTooLarge || limit === 1) {
          throw error;
        }
        pageLimits.set(this.interval, Math.max(1, Math.floor(limit / 4)));
      }
    }
  }

  #add(candles) {
    for (const candle of candles) {
      this.#candles.set(candle.t_ms, candle);
    }
    this.#times = [...this.#candles.keys()].sort((a, b) => a - b);
  }

  #open(ms) {
    return Math.floor(ms / this.intervalMs) * this.intervalMs;
  }

  /**
   * The columns of the chart: one per candle, and empty ones where a gap left no candles. Times
   * without trades and without a gap have no column, as a closed market has none.
   */
  slots(now) {
    const first = this.#times[0];
    if (first === undefined) {
      return [];
    }
    const times = new Set(this.#times);
    for (const gap of this.#gaps) {
      const start = Math.max(first, this.#open(gap.gap_start_ms));
      const end = this.#open((gap.gap_end_ms ?? now) - 1);
      const empty = [];
      for (let t = start; t <= end; t += this.intervalMs) {
        if (!this.#candles.has(t)) {
          empty.push(t);
        }
      }
      const isLong = empty.length > MAX_EMPTY_SLOTS;
      const shown = isLong
        ? [...empty.slice(0, MAX_EMPTY_SLOTS / 2), ...empty.slice(-MAX_EMPTY_SLOTS / 2)]
        : empty;
      shown.forEach((t) => times.add(t));
    }
    return [...times].sort((a, b) => a - b).map((t) => ({ t, candle: this.#candles.get(t) ?? null }));
  }
}

/**
 * Where a time lies among the columns: 2.5 is the middle of the third column. A time between two
 * columns lies on the edge between them.
 */
export function position(slots, intervalMs, ms) {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slots[middle].t <= ms) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const index = low - 1;
  return index < 0 ? 0 : index + Math.min(1, (ms - slots[index].t) / intervalMs);
}
