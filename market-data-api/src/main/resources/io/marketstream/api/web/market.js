/** The newest tick of every symbol, from the list and from the stream. */

import { get } from "./api.js";

export const STALE_MS = 60_000;

export const key = ({ source, symbol }) => `${source}:${symbol}`;

export class Market {
  #symbols = new Map();
  #readAt = 0;

  /** Reads the list. */
  async refresh() {
    const { symbols } = await get("symbols");
    const read = performance.now();
    const next = new Map();
    for (const symbol of symbols) {
      const known = this.#symbols.get(key(symbol));
      // The stream can be ahead of the list.
      const isOlder = known && known.event_time_ms > symbol.event_time_ms;
      next.set(key(symbol), isOlder ? { ...symbol, ...newest(known), change_percent: change(known.price, symbol.day_open), readAt: known.readAt } : { ...symbol, readAt: read });
    }
    this.#symbols = next;
    this.#readAt = read;
  }

  /** Takes a tick of the stream. */
  accept(tick) {
    const known = this.#symbols.get(key(tick));
    if (known && tick.event_time_ms >= known.event_time_ms) {
      Object.assign(known, newest(tick), {
        age_ms: Math.max(0, Date.now() - tick.received_at_ms),
        change_percent: change(tick.price, known.day_open),
        readAt: performance.now(),
      });
    }
  }

  get symbols() {
    return [...this.#symbols.values()];
  }

  get hasRead() {
    return this.#readAt > 0;
  }

  find(source, symbol) {
    return this.#symbols.get(`${source}:${symbol}`);
  }

  /** How old the newest tick is. It grows while the API is away, too. */
  static age(symbol) {
    return symbol.age_ms + (performance.now() - symbol.readAt);
  }
}

function newest(tick) {
  const { kind, price, volume, event_time, event_time_ms, received_at, received_at_ms } = tick;
  const age_ms = tick.age_ms ?? 0;
  return { kind, price, volume, event_time, event_time_ms, received_at, received_at_ms, age_ms };
}

/** The change is for reading: floating point is enough. */
function change(price, dayOpen) {
  return dayOpen === null || Number(dayOpen) === 0
    ? null
    : (((Number(price) - Number(dayOpen)) / Number(dayOpen)) * 100).toFixed(4);
}
