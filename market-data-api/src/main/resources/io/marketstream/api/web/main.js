/** Starts the page and connects its parts. */

import * as address from "./address.js";
import { ApiError, repeat } from "./api.js";
import { CandleStore } from "./candles.js";
import { CandleChart } from "./chart.js";
import { Completeness } from "./completeness.js";
import { forget, onConnectionChange, report } from "./connection.js";
import { delayOf, delayState, explainDelay } from "./delay.js";
import { byId, element, setText } from "./dom.js";
import * as format from "./format.js";
import { Market, STALE_MS } from "./market.js";
import { flash, SymbolList } from "./symbols.js";
import { Tape } from "./tape.js";
import { startTheme } from "./theme.js";

const LIST_EVERY_MS = 2_000;
const CANDLES_EVERY_MS = 1_000;
const IDLE_CANDLES_EVERY_MS = 10_000;
const GAPS_EVERY_MS = 10_000;
const DAYS_EVERY_MS = 60_000;
const MAX_GAPS_LISTED = 8;

const market = new Market();
let shown = null;
let abort = new AbortController();
let store = null;
/** The store whose candles the API refuses to give. */
let refused = null;
/** Why the API refuses to give gaps. */
let gapsRefusal = null;
/** Whether the list has the symbol that is shown. */
let isKnown = false;
let isReadingOlder = false;
let hasNewTicks = false;

startTheme(byId("theme"));

const chart = new CandleChart(byId("chart"), byId("readout"), {
  onNeedOlder: readOlder,
  // Without candles there is no view. Then all gaps that were read are listed.
  onView: (gaps) => listGaps(refused?.gaps ?? gaps),
});
const completeness = new Completeness(byId("days"), byId("day-detail"), showDay);
const tape = new Tape(byId("tape"), byId("tape-pause"), (tick) => {
  market.accept(tick);
  hasNewTicks = true;
  showQuote();
});
const symbols = new SymbolList(
  market,
  {
    list: byId("symbols"),
    space: byId("symbols-rows"),
    filter: byId("filter"),
    count: byId("symbol-count"),
    toolbar: byId("order"),
    status: byId("order-status"),
  },
  (symbol) => {
    openSymbols(false);
    go({ source: symbol.source, symbol: symbol.symbol });
  });

byId("zoom-in").addEventListener("click", () => chart.zoom(0.6));
byId("zoom-out").addEventListener("click", () => chart.zoom(1.6));
byId("zoom-last").addEventListener("click", () => chart.goToNewest());
byId("open-symbols").addEventListener("click", () =>
  openSymbols(byId("open-symbols").getAttribute("aria-expanded") !== "true"));
byId("close-symbols").addEventListener("click", () => openSymbols(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    openSymbols(false);
  }
});
byId("skip").addEventListener("click", (event) => {
  // The address holds the symbol. The place in the page must not replace it.
  event.preventDefault();
  byId("chart").focus();
});
addIntervals();
onConnectionChange(showConnection);
addEventListener("hashchange", showAddress);
setInterval(tick, 1_000);
tick();
repeat("symbols", LIST_EVERY_MS, async () => {
  const isFirst = !market.hasRead;
  await market.refresh();
  symbols.update();
  showSimulated();
  // The shown symbol can appear in the list, or leave it.
  if (isFirst || shown === null || isKnown !== has(shown)) {
    showAddress();
  }
  showQuote();
});

function addIntervals() {
  for (const interval of address.INTERVALS) {
    const input = element("input", { type: "radio", name: "interval", value: interval });
    input.addEventListener("change", () => go({ interval }));
    byId("intervals").append(element("label", {}, input, element("span", {}, interval)));
  }
}

function has({ source, symbol }) {
  return market.find(source, symbol) !== undefined;
}

/** Changes the address. The page follows it. */
function go(change) {
  const now = address.read();
  location.hash = address.hash({ ...now, ...(shown ?? {}), ...change });
}

/** Shows the symbol and the interval of the address. */
function showAddress() {
  if (!market.hasRead) {
    return;
  }
  if (shown && !address.isAddress()) {
    history.replaceState(null, "", address.hash(shown));
  }
  let { source, symbol, interval } = address.read();
  if (source === null || symbol === null) {
    const first = market.symbols[0];
    if (!first) {
      showMessage("There are no symbols yet. They appear here when the pipeline has written the first ticks.");
      return;
    }
    ({ source, symbol } = first);
    history.replaceState(null, "", address.hash({ source, symbol, interval }));
  }
  const isOtherSymbol = !shown || shown.source !== source || shown.symbol !== symbol
    || isKnown !== has(shown);
  if (!isOtherSymbol && shown.interval === interval) {
    return;
  }
  shown = { source, symbol, interval };
  show(isOtherSymbol);
}

function show(isOtherSymbol) {
  const { source, symbol, interval } = shown;
  abort.abort();
  abort = new AbortController();
  const { signal } = abort;
  ["candles", "gaps", "completeness"].forEach(forget);
  setText(byId("name"), symbol);
  setText(byId("source"), source);
  for (const input of byId("intervals").querySelectorAll("input")) {
    input.checked = input.value === interval;
  }
  byId("chart").setAttribute("aria-label", `Candles of ${symbol}, ${interval}`);
  store = null;
  refused = null;
  gapsRefusal = null;
  chart.show(null);
  symbols.choose(source, symbol);
  showQuote();
  const known = market.find(source, symbol);
  isKnown = known !== undefined;
  if (!isKnown) {
    showMessage(`There is no symbol ${symbol} of ${source}. Choose one from the list. If it appears later, this page shows it.`);
    completeness.clear();
    tape.stop();
    return;
  }
  showMessage("Reading candles …");
  if (isOtherSymbol) {
    completeness.clear();
    tape.follow({ source, symbol }, known.event_time_ms);
  }
  followCandles(new CandleStore(shown, signal), known, signal);
}

async function followCandles(next, known, signal) {
  let readAt = 0;
  await repeat("candles", CANDLES_EVERY_MS, async () => {
    if (store !== next) {
      await next.readNewest(known.event_time_ms);
      if (signal.aborted) {
        return;
      }
      store = next;
      readAt = performance.now();
      chart.show(store);
      showMessage(store.isEmpty ? "There are no candles of this symbol yet." : null);
      followQuality(next, signal);
    } else if (hasNewTicks || performance.now() - readAt > IDLE_CANDLES_EVERY_MS) {
      hasNewTicks = false;
      await next.readLast();
      readAt = performance.now();
      if (!signal.aborted) {
        chart.update();
        showMessage(store.isEmpty ? "There are no candles of this symbol yet." : null);
      }
    }
  }, signal, (error) => {
    showMessage(error.message);
    next.stopReadingOlder();
    if (store !== next) {
      refused = next;
      followQuality(next, signal);
    }
  });
}

/** Keeps the gaps and the completeness current. */
function followQuality(next, signal) {
  repeat("gaps", GAPS_EVERY_MS, async () => {
    await next.readGaps();
    if (!signal.aborted) {
      chart.update();
    }
  }, signal, (error) => {
    gapsRefusal = error.message;
    chart.update();
  });
  // Last, because it can take long.
  repeat("completeness", DAYS_EVERY_MS, () => completeness.refresh(next.query, signal), signal,
    (error) => completeness.fail(error.message));
}

/** Reads candles before those that are shown, and returns how many there are. */
async function readOlder() {
  const from = store;
  if (isReadingOlder || !from || from.isExhausted) {
    return 0;
  }
  isReadingOlder = true;
  try {
    const count = await from.readOlder();
    if (count > 0) {
      await from.readGaps();
    }
    if (store === from) {
      chart.update();
    }
    return count;
  } catch (error) {
    if (error instanceof ApiError && error.isTemporary) {
      report("candles", error.message);
    } else if (error instanceof ApiError) {
      from.stopReadingOlder();
    }
    return 0;
  } finally {
    isReadingOlder = false;
  }
}

/** Shows the start of a day in the chart, and reads it first if it is not there. */
async function showDay(ms) {
  while (store && !store.isExhausted && store.slots(Date.now())[0]?.t > ms) {
    const from = store;
    // Nothing is read while the API is away, too: then the loop would have no pause.
    if (await readOlder() === 0 || store !== from) {
      break;
    }
  }
  if (store && !store.isEmpty) {
    chart.goTo(ms);
  }
}

function listGaps(gaps) {
  setText(byId("gaps-title"), gapsRefusal ?? gapsTitle(gaps.length));
  const newest = gaps.slice(-MAX_GAPS_LISTED).reverse();
  const texts = newest.map((gap) => {
    const isSameDay = gap.gap_end_ms !== null && format.date(gap.gap_start_ms) === format.date(gap.gap_end_ms);
    const start = `${format.shortDate(gap.gap_start_ms)} ${format.timeOfDay(gap.gap_start_ms)}`;
    const end = gap.gap_end_ms === null
      ? "now, still open"
      : `${isSameDay ? "" : `${format.shortDate(gap.gap_end_ms)} `}${format.timeOfDay(gap.gap_end_ms)}`;
    const length = gap.gap_end_ms === null ? "" : ` (${format.duration(gap.gap_end_ms - gap.gap_start_ms)})`;
    const dropped = gap.dropped > 0 ? `, ${format.count(gap.dropped)} dropped` : "";
    return { cause: format.cause(gap.cause), text: `${start} – ${end}${length}${dropped}`, detail: gap.detail ?? "" };
  });
  const list = byId("gaps");
  const wanted = JSON.stringify(texts);
  if (list.dataset.shown !== wanted) {
    list.dataset.shown = wanted;
    list.replaceChildren(...texts.map(({ cause, text, detail }) =>
      element("li", { title: detail }, element("b", {}, cause), ` ${text}`)));
  }
}

function gapsTitle(count) {
  const from = refused?.gapsFrom ?? null;
  if (!store && from === null) {
    return "";
  }
  const gaps = count === 0 ? "No gaps" : count === 1 ? "1 gap" : `${count} gaps`;
  return store ? `${gaps} in view` : `${gaps} since ${format.shortDate(from)} ${format.timeOfDay(from)}`;
}

function showQuote() {
  const symbol = shown && market.find(shown.source, shown.symbol);
  const price = byId("price");
  if (!symbol) {
    setText(price, "–");
    setText(byId("change"), "");
    setText(byId("last"), "");
    setText(byId("delay"), "");
    document.title = "market-stream";
    return;
  }
  const [main, tail] = format.splitPrice(symbol.price);
  if (price.textContent !== symbol.price) {
    const before = price.dataset.of === `${shown.source}:${shown.symbol}` ? Number(price.textContent) : NaN;
    price.replaceChildren(main, element("span", { className: "tail" }, tail));
    price.dataset.of = `${shown.source}:${shown.symbol}`;
    if (!Number.isNaN(before)) {
      flash(price, Number(symbol.price) >= before);
    }
    document.title = `${main} ${symbol.symbol} · market-stream`;
  }
  setText(byId("change"), format.percent(symbol.change_percent));
  byId("change").dataset.direction = format.direction(symbol.change_percent);
  const age = Market.age(symbol);
  byId("price").classList.toggle("stale", age >= STALE_MS);
  const what = symbol.kind === "price" ? "Last price" : "Last trade";
  const day = format.date(symbol.event_time_ms) === format.date(Date.now()) ? "" : `${format.date(symbol.event_time_ms)} `;
  setText(
    byId("last"),
    `${what} ${day}${format.timeOfDay(symbol.event_time_ms)} UTC, ${format.age(age)} ago${age >= STALE_MS ? ", stale" : ""}`);
  showDelay(delayOf(symbol));
}

function showDelay(ms) {
  const node = byId("delay");
  const state = delayState(ms);
  const words = { normal: "", late: ", late", clock: ", clock problem" }[state];
  setText(node, `Feed delay ${format.delay(ms)}${words}`);
  node.dataset.state = state;
  node.title = explainDelay(ms);
}

function showSimulated() {
  const simulated = market.symbols.filter((each) => each.simulated);
  const selected = shown && market.find(shown.source, shown.symbol);
  const badge = byId("simulated");
  badge.hidden = simulated.length === 0 || (selected !== undefined && selected !== null && !selected.simulated);
}

function showConnection({ problem, hasAnswered }) {
  const state = problem ? "lost" : hasAnswered ? "live" : "connecting";
  const node = byId("connection");
  node.dataset.state = state;
  setText(byId("connection-text"), { lost: "Connection lost", live: "Live", connecting: "Connecting" }[state]);
  document.body.classList.toggle("disconnected", state === "lost");
  const banner = byId("banner");
  banner.hidden = state !== "lost";
  setText(banner, problem ? `${problem.replace(/\.?$/, ".")} The page shows old data and keeps trying.` : "");
}

function showMessage(text) {
  const node = byId("chart-message");
  node.hidden = text === null;
  setText(node, text ?? "");
}

function openSymbols(isOpen) {
  const button = byId("open-symbols");
  if ((button.getAttribute("aria-expanded") === "true") === isOpen) {
    return;
  }
  button.setAttribute("aria-expanded", String(isOpen));
  document.body.classList.toggle("symbols-open", isOpen);
  (isOpen ? byId("filter") : button).focus();
}

/** Once a second: the clock, and the ages. */
function tick() {
  const now = new Date();
  setText(byId("clock"), `${format.timeOfDay(now)} UTC`);
  byId("clock").dateTime = now.toISOString();
  if (market.hasRead) {
    symbols.update();
    showQuote();
    showSimulated();
  }
}
