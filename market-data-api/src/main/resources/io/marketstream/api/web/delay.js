/** How long a tick took from its event time to the connector. */

import * as format from "./format.js";

/** The default of the connectors' feed.delay.warn.ms. */
const LATE_MS = 60_000;

/** Milliseconds. Negative if a clock is wrong. */
export function delayOf({ received_at_ms, event_time_ms }) {
  return received_at_ms - event_time_ms;
}

/** `clock`, `late` or `normal`. */
export function delayState(ms) {
  return ms < 0 ? "clock" : ms > LATE_MS ? "late" : "normal";
}

/** What the delay means, in a sentence. */
export function explainDelay(ms) {
  const size = format.duration(Math.abs(ms));
  const normal = `Feed delay: the newest tick was received ${size} after its event time.`;
  return {
    normal,
    late: `${normal} Either the feed is behind, or this is a late report of a trade.`,
    clock: `Clock problem: the newest tick was received ${size} before its event time. `
      + "The connector's clock is behind, or the feed's clock is ahead.",
  }[delayState(ms)];
}
