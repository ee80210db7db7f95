/** How numbers and times are written. Prices stay the strings of the API. */

const DAY_MS = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MAIN_DIGITS = 8;

/** 15:04:05, or with milliseconds 15:04:05.678. */
export function timeOfDay(ms, withMillis = false) {
  return new Date(ms).toISOString().slice(11, withMillis ? 23 : 19);
}

/** 2026-11-29. */
export function date(ms) {
  return new Date(ms).toISOString().slice(0, 10);
}

/** 29 Nov. */
export function shortDate(ms) {
  const day = new Date(ms);
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
}

/** Nov 2026. */
export function month(ms) {
  const day = new Date(ms);
  return `${MONTHS[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
}

/** 3 s, 4 m, 5 h, 6 d. */
export function age(ms) {
  if (ms < 60_000) {
    return `${Math.floor(ms / 1000)} s`;
  }
  if (ms < 3_600_000) {
    return `${Math.floor(ms / 60_000)} m`;
  }
  return ms < 2 * DAY_MS ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / DAY_MS)} d`;
}

/** A feed delay, short: 57 ms, 1.2 s, 15 m. It can be negative: −40 ms. */
export function delay(ms) {
  const size = Math.abs(ms);
  const seconds = `${(Math.floor(size / 100) / 10).toFixed(1)} s`;
  const text = size < 1000 ? `${size} ms` : size < 60_000 ? seconds : age(size);
  return ms < 0 ? `−${text}` : text;
}

/** 850 ms, 12.5 s, 3 m 20 s, 2 h 5 m, 3 d 4 h. */
export function duration(ms) {
  if (ms < 1000) {
    return `${ms} ms`;
  }
  if (ms < 60_000) {
    return `${Math.round(ms / 100) / 10} s`;
  }
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) {
    return pair(seconds, 60, "m", "s");
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 1440 ? pair(minutes, 60, "h", "m") : pair(Math.round(minutes / 60), 24, "d", "h");
}

function pair(value, size, large, small) {
  const rest = value % size;
  return `${Math.floor(value / size)} ${large}${rest ? ` ${rest} ${small}` : ""}`;
}

/** +0.12 %, from the API's text with four decimals. */
export function percent(text) {
  if (text === null) {
    return "";
  }
  const value = Number(text);
  const rounded = Math.abs(value).toFixed(2);
  const sign = rounded === "0.00" ? "" : value > 0 ? "+" : "−";
  return `${sign}${rounded} %`;
}

/** up, down or flat. */
export function direction(text) {
  const value = text === null ? 0 : Number(text);
  return value >= 0.005 ? "up" : value <= -0.005 ? "down" : "flat";
}

/**
 * Splits a price after its eighth significant digit, so that the rest can be paler. Both parts
 * together are the string of the API.
 */
export function splitPrice(text) {
  let digits = 0;
  let isAfterPoint = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === ".") {
      isAfterPoint = true;
    } else if (digits > 0 || (character >= "1" && character <= "9")) {
      digits++;
    }
    if (digits >= MAIN_DIGITS && isAfterPoint) {
      return [text.slice(0, i + 1), text.slice(i + 1)];
    }
  }
  return [text, ""];
}

/** A cause of a gap in words: CONNECTION_LOST becomes Connection lost. */
export function cause(name) {
  const words = name.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** 1,234,567. */
export function count(number) {
  return number.toLocaleString("en-US");
}
