/** The symbol and the interval in the address: #finnhub/AAPL/5m. */

export const INTERVALS = ["1m", "5m", "15m", "1h", "1d"];

/** Whether the address names a symbol. Other fragments name a place in the page. */
export function isAddress() {
  return location.hash.includes("/");
}

export function read() {
  const [source, symbol, interval] = location.hash.slice(1).split("/").map(decode);
  return {
    source: source || null,
    symbol: symbol || null,
    interval: INTERVALS.includes(interval) ? interval : "1m",
  };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

export function hash({ source, symbol, interval }) {
  return `#${encodeURIComponent(source)}/${encodeURIComponent(symbol)}/${interval}`;
}
