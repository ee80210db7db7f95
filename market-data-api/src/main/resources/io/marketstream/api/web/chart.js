/** The chart: candles, volume, and shaded areas where ticks may be missing. */

import { position } from "./candles.js";
import { setText } from "./dom.js";
import * as format from "./format.js";
import { color, onThemeChange } from "./theme.js";

const FIRST_VIEW = { min: 40, max: 180, columnPx: 6 };
const MIN_VIEW = 15;
/** A young symbol has few candles. Empty columns before them keep the candles narrow. */
const MIN_SLOTS = 60;
/** Older candles are read when fewer than these are left of the view. */
const READ_AHEAD = 40;
const LABEL_PX = 76;
const MIN_GAP_PX = 3;
const MINUTE_MS = 60_000;
const TICK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400, 43200]
  .map((minutes) => minutes * MINUTE_MS);
const DAY_MS = 86_400_000;
const NO_PRICE = "-";

export class CandleChart {
  #node;
  #readout;
  #chart;
  #store = null;
  #slots = [];
  #gapBands = [];
  #view = null;
  #cursor = null;
  #colors = {};
  #lastLabelEnd = 0;
  #onNeedOlder;
  #onView;

  /**
   * `onNeedOlder` is called when the view comes near the oldest candle; `onView` with the gaps in
   * view.
   */
  constructor(node, readout, { onNeedOlder, onView }) {
    this.#node = node;
    this.#readout = readout;
    this.#onNeedOlder = onNeedOlder;
    this.#onView = onView;
    this.#chart = globalThis.echarts.init(node, null, { renderer: "canvas" });
    new ResizeObserver(() => this.#chart.resize()).observe(node);
    onThemeChange(() => this.#applyTheme());
    this.#applyTheme();
    this.#chart.on("datazoom", () => this.#viewChanged());
    this.#chart.on("updateAxisPointer", (event) => {
      const axis = event.axesInfo?.[0];
      this.#cursor = axis ? axis.value : null;
      this.#readout.setAttribute("aria-live", "off");
      this.#showReadout();
    });
    node.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Shows another symbol or interval. Null empties the chart. */
  show(store) {
    this.#store = store;
    this.#view = null;
    this.#cursor = null;
    this.update();
  }

  /** Draws what the store has now. The view keeps its place, or follows the newest candle. */
  update() {
    const before = this.#slots;
    const isFollowing = !this.#view || this.#view[1] >= before.length - 1;
    const beforeStart = this.#view && before[this.#view[0]]?.t;
    const beforeEnd = this.#view && before[this.#view[1]]?.t;
    const cursorTime = this.#cursor === null ? null : before[this.#cursor]?.t;
    this.#slots = this.#store ? this.#padded(this.#store.slots(Date.now())) : [];
    const last = this.#slots.length - 1;
    if (!this.#view || beforeStart === undefined) {
      this.#view = [Math.max(0, last - this.#firstView() + 1), Math.max(0, last)];
    } else {
      const size = this.#view[1] - this.#view[0];
      const end = isFollowing ? last : this.#indexOf(beforeEnd);
      this.#view = isFollowing
        ? [Math.max(0, end - Math.max(size, Math.min(last, MIN_VIEW))), end]
        : [this.#indexOf(beforeStart), end];
    }
    this.#cursor = cursorTime === null || cursorTime === undefined ? null : this.#indexOf(cursorTime);
    this.#placeGaps();
    this.#draw();
    this.#showReadout();
    this.#reportView();
    this.#readAhead();
  }

  /** How many candles fit well at first. */
  #firstView() {
    const { min, max, columnPx } = FIRST_VIEW;
    return Math.max(min, Math.min(max, Math.floor(this.#chart.getWidth() / columnPx)));
  }

  #padded(slots) {
    if (slots.length === 0 || slots.length >= MIN_SLOTS) {
      return slots;
    }
    const missing = MIN_SLOTS - slots.length;
    const first = slots[0].t - missing * this.#store.intervalMs;
    const empty = (unused, i) => ({ t: first + i * this.#store.intervalMs, candle: null });
    return [...Array.from({ length: missing }, empty), ...slots];
  }

  zoom(factor) {
    const [start, end] = this.#view ?? [0, 0];
    const last = this.#slots.length - 1;
    const size = Math.max(MIN_VIEW, Math.min(last, Math.round((end - start) * factor)));
    const anchor = end >= last ? last : Math.min(last, Math.round((start + end + size) / 2));
    this.#setView(anchor - size, anchor);
  }

  goToNewest() {
    const [start, end] = this.#view ?? [0, 0];
    const last = this.#slots.length - 1;
    this.#setView(last - (end - start), last);
  }

  /** Shows a time, if its candles are there. */
  goTo(ms) {
    const [start, end] = this.#view ?? [0, 0];
    const index = this.#indexOf(ms);
    const size = end - start;
    this.#setView(index, index + size);
  }

  #setView(start, end) {
    const last = this.#slots.length - 1;
    const size = end - start;
    const to = Math.max(0, Math.min(last, end));
    const from = Math.max(0, to - size);
    this.#chart.dispatchAction({ type: "dataZoom", startValue: from, endValue: Math.max(to, Math.min(last, from + size)) });
  }

  #indexOf(ms) {
    return Math.max(0, Math.min(this.#slots.length - 1, Math.floor(position(this.#slots, this.#store.intervalMs, ms))));
  }

  #placeGaps() {
    const now = Date.now();
    const first = this.#slots[0]?.t;
    this.#gapBands = [];
    for (const gap of this.#store?.gaps ?? []) {
      const end = gap.gap_end_ms ?? now;
      if (first !== undefined && end > first) {
        this.#gapBands.push({
          gap,
          from: position(this.#slots, this.#store.intervalMs, Math.max(first, gap.gap_start_ms)),
          to: gap.gap_end_ms === null
            ? this.#slots.length
            : position(this.#slots, this.#store.intervalMs, end),
        });
      }
    }
  }

  #viewChanged() {
    const option = this.#chart.getModel().getComponent("dataZoom", 0).option;
    this.#view = [option.startValue, option.endValue];
    this.#reportView();
    this.#readAhead();
  }

  #readAhead() {
    const isNear = this.#view[0] < READ_AHEAD && this.#slots.length > 0;
    if (isNear && this.#store && !this.#store.isExhausted) {
      this.#onNeedOlder();
    }
  }

  #reportView() {
    const [start, end] = this.#view;
    this.#onView(
      this.#gapBands.filter((band) => band.to >= start && band.from <= end + 1).map((band) => band.gap));
  }

  #applyTheme() {
    for (const name of ["text", "muted", "line", "panel", "up", "down", "indicative", "gap", "gap-text"]) {
      this.#colors[name] = color(name);
    }
    this.#colors.hatch = hatch(this.#colors.gap);
    this.#chart.setOption(this.#frame());
    this.#draw();
  }

  #frame() {
    const { text, muted, line, panel } = this.#colors;
    const axis = (gridIndex, show) => ({
      type: "category",
      gridIndex,
      data: [],
      boundaryGap: true,
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      splitLine: { show: true, interval: (index) => this.#isTick(index), lineStyle: { color: line } },
      axisLabel: {
        show,
        color: muted,
        fontSize: 11,
        hideOverlap: true,
        interval: (index) => this.#isTick(index),
        formatter: (value) => this.#tickLabel(Number(value)),
      },
      axisPointer: { label: { show, formatter: ({ value }) => this.#cursorLabel(Number(value)) } },
    });
    const yAxis = (gridIndex, properties) => ({
      gridIndex,
      position: "right",
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: line } },
      axisLabel: { color: muted, fontSize: 11 },
      ...properties,
    });
    const label = { backgroundColor: text, color: panel, fontSize: 11, padding: [3, 5] };
    return {
      animation: false,
      backgroundColor: "transparent",
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: [
        { left: 16, right: 76, top: 12, bottom: "27%" },
        { left: 16, right: 76, top: "77%", bottom: 24 },
      ],
      xAxis: [axis(0, false), axis(1, true)],
      yAxis: [
        yAxis(0, { scale: true, splitNumber: 6 }),
        yAxis(1, {
          splitNumber: 2,
          splitLine: { show: false },
          axisLabel: { color: muted, fontSize: 11, formatter: (value) => shortNumber(value) },
          axisPointer: { show: false },
        }),
        // Of the gaps, which have no price.
        yAxis(0, { show: false, min: 0, max: 1, axisPointer: { show: false } }),
      ],
      axisPointer: {
        link: [{ xAxisIndex: "all" }],
        label,
        lineStyle: { color: muted, type: "dashed" },
        crossStyle: { color: muted, type: "dashed" },
      },
      tooltip: { trigger: "axis", triggerOn: "mousemove|click", showContent: false, axisPointer: { type: "cross" } },
      dataZoom: [
        {
          type: "inside",
          xAxisIndex: [0, 1],
          filterMode: "weakFilter",
          minValueSpan: MIN_VIEW,
          zoomOnMouseWheel: true,
          moveOnMouseMove: true,
        },
      ],
    };
  }

  #draw() {
    const slots = this.#slots;
    const categories = slots.map((slot) => String(slot.t));
    const [startValue, endValue] = this.#view ?? [0, 0];
    this.#chart.setOption({
      xAxis: [{ data: categories }, { data: categories }],
      yAxis: [{}, { axisLabel: { show: slots.some((slot) => slot.candle && Number(slot.candle.v) > 0) } }],
      dataZoom: [{ startValue, endValue }],
      series: [this.#gapSeries(), this.#candleSeries(), this.#volumeSeries()],
    });
  }

  #candleSeries() {
    const last = this.#slots.findLast((slot) => slot.candle?.c)?.candle;
    return {
      id: "candles",
      type: "candlestick",
      large: false,
      progressive: 0,
      barMaxWidth: 16,
      z: 3,
      data: this.#slots.map(({ candle }) => this.#candleItem(candle)),
      markLine: {
        silent: true,
        symbol: "none",
        animation: false,
        lineStyle: { color: this.#colors.muted, type: "dotted", width: 1 },
        label: {
          position: "end",
          formatter: () => (last ? format.splitPrice(last.c)[0] : ""),
          color: this.#colors.panel,
          backgroundColor: this.#colors.text,
          padding: [3, 5],
          fontSize: 11,
        },
        data: last ? [{ yAxis: Number(last.c) }] : [],
      },
    };
  }

  #candleItem(candle) {
    if (!candle || candle.c === null) {
      return { value: [NO_PRICE, NO_PRICE, NO_PRICE, NO_PRICE] };
    }
    const value = [Number(candle.o), Number(candle.c), Number(candle.l), Number(candle.h)];
    const { up, down, indicative, panel } = this.#colors;
    const isUp = value[1] >= value[0];
    const border = candle.kind === "price" ? indicative : isUp ? up : down;
    // Candles of extended hours are hollow, and so are rising indicative ones.
    const isHollow = candle.kind === "extended" || (candle.kind === "price" && isUp);
    const fill = isHollow ? panel : border;
    return {
      value,
      itemStyle: {
        color: fill,
        color0: fill,
        borderColor: border,
        borderColor0: border,
        opacity: candle.kind === "extended" ? 0.75 : 1,
      },
    };
  }

  #volumeSeries() {
    const { up, down, muted } = this.#colors;
    return {
      id: "volume",
      type: "bar",
      xAxisIndex: 1,
      yAxisIndex: 1,
      barMaxWidth: 16,
      barCategoryGap: "30%",
      progressive: 0,
      data: this.#slots.map(({ candle }) =>
        candle
          ? {
            value: Number(candle.v),
            itemStyle: {
              color: candle.c === null ? muted : Number(candle.c) >= Number(candle.o) ? up : down,
              opacity: candle.kind === "trade" ? 0.5 : 0.25,
            },
          }
          : { value: NO_PRICE }),
    };
  }

  /** Shaded areas from the exact start to the exact end of each gap, with its cause. */
  #gapSeries() {
    return {
      id: "gaps",
      type: "custom",
      silent: true,
      z: 1,
      clip: false,
      yAxisIndex: 2,
      encode: { x: [0, 1], y: 3 },
      data: this.#gapBands.map((band, index) => ({
        value: [Math.floor(band.from), Math.min(this.#slots.length - 1, Math.floor(band.to)), index, 0],
      })),
      renderItem: (parameters, api) => this.#gapShape(parameters, api),
    };
  }

  #gapShape(parameters, api) {
    const band = this.#gapBands[api.value(2)];
    if (parameters.dataIndexInside === 0) {
      this.#lastLabelEnd = -Infinity;
    }
    if (!band) {
      return null;
    }
    const { x, y, width } = parameters.coordSys;
    const bottom = this.#chart.getHeight() - 24;
    const slotWidth = api.size([1, 0])[0];
    const [firstX] = api.coord([api.value(0), 0]);
    const [lastX] = api.coord([api.value(1), 0]);
    const start = firstX + (band.from - api.value(0) - 0.5) * slotWidth;
    const end = lastX + (band.to - api.value(1) - 0.5) * slotWidth;
    const left = Math.max(x, Math.min(start, x + width));
    const right = Math.min(x + width, Math.max(end, start + MIN_GAP_PX));
    if (right <= x || start >= x + width) {
      return null;
    }
    const shape = { x: left, y, width: Math.max(1, right - left), height: bottom - y };
    const children = [
      { type: "rect", shape, style: { fill: this.#colors.gap, opacity: 0.22 } },
      { type: "rect", shape, style: { fill: { image: this.#colors.hatch, repeat: "repeat" }, opacity: 0.55 } },
    ];
    children.push(...this.#gapLabel(band.gap, left, right, y));
    return { type: "group", children };
  }

  /** The cause: across a wide area, upright beside a narrow one. */
  #gapLabel(gap, left, right, top) {
    const text = format.cause(gap.cause);
    const style = {
      text,
      fill: this.#colors["gap-text"],
      backgroundColor: this.#colors.panel,
      padding: [2, 4],
      borderRadius: 2,
      font: `600 11px ${getComputedStyle(document.body).fontFamily}`,
    };
    const isWide = right - left > text.length * 7 + 12;
    const labelStart = isWide ? left : (left + right) / 2 - 9;
    if (labelStart < this.#lastLabelEnd) {
      return [];
    }
    this.#lastLabelEnd = isWide ? left + text.length * 7 + 14 : labelStart + 19;
    return isWide
      ? [{ type: "text", x: left + 4, y: top + 4, style }]
      : [{
        type: "text",
        x: (left + right) / 2,
        y: top + 4,
        rotation: -Math.PI / 2,
        style: { ...style, align: "left", verticalAlign: "middle" },
      }];
  }

  #visibleRange() {
    const [start, end] = this.#view ?? [0, 0];
    return { start, end, count: Math.max(1, end - start + 1) };
  }

  #tickStep() {
    const { count } = this.#visibleRange();
    const labels = Math.max(2, (this.#chart.getWidth() - 90) / LABEL_PX);
    const wanted = (count / labels) * (this.#store?.intervalMs ?? MINUTE_MS);
    return TICK_STEPS.find((step) => step >= wanted) ?? TICK_STEPS[TICK_STEPS.length - 1];
  }

  #isTick(index) {
    const slot = this.#slots[index];
    return slot !== undefined && (slot.t % this.#tickStep() === 0 || (this.#tickStep() < DAY_MS && this.#startsDay(index)));
  }

  #startsDay(index) {
    return index > 0 && format.date(this.#slots[index].t) !== format.date(this.#slots[index - 1].t);
  }

  #tickLabel(ms) {
    if (!this.#store) {
      return "";
    }
    return this.#store.intervalMs >= DAY_MS || ms % DAY_MS === 0 || this.#startsDay(this.#indexOf(ms))
      ? format.shortDate(ms)
      : format.timeOfDay(ms).slice(0, 5);
  }

  #cursorLabel(ms) {
    return this.#store ? slotTime(ms, this.#store.intervalMs) : "";
  }

  /** The figures of the candle under the pointer, or of the newest one. */
  #showReadout() {
    const index = this.#cursor ?? this.#slots.length - 1;
    const slot = this.#slots[index];
    if (!slot) {
      setText(this.#readout, "");
      return;
    }
    const parts = [`${slotTime(slot.t, this.#store.intervalMs)} UTC`];
    const candle = slot.candle;
    if (candle && candle.c !== null) {
      parts.push(`O ${candle.o}`, `H ${candle.h}`, `L ${candle.l}`, `C ${candle.c}`);
    }
    if (candle) {
      if (candle.kind !== "price") {
        parts.push(`Vol ${candle.v}`, `${format.count(candle.n)} trades`);
      }
      if (candle.kind === "extended") {
        parts.push("extended hours");
      } else if (candle.kind === "price") {
        parts.push("indicative price");
      } else if (candle.c === null) {
        parts.push("no price");
      }
    } else {
      parts.push("no candle");
    }
    const gaps = this.#gapBands.filter((band) => band.to > index && band.from < index + 1);
    const causes = [...new Set(gaps.map((band) => format.cause(band.gap.cause)))];
    if (causes.length > 0) {
      parts.push(`Gap: ${causes.join(", ")}`);
    }
    setText(this.#readout, parts.join("   "));
  }

  #onKey(event) {
    const { start, end } = this.#visibleRange();
    const last = this.#slots.length - 1;
    const moves = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.ctrlKey || event.metaKey || event.altKey || last < 0) {
      return;
    }
    if (event.key in moves) {
      const step = moves[event.key] * (event.shiftKey ? 10 : 1);
      this.#moveCursor(Math.max(0, Math.min(last, (this.#cursor ?? end) + step)), start, end);
    } else if (event.key === "Home") {
      this.#moveCursor(0, start, end);
    } else if (event.key === "End") {
      this.#moveCursor(last, start, end);
    } else if (event.key === "+" || event.key === "=") {
      this.zoom(0.7);
    } else if (event.key === "-") {
      this.zoom(1.4);
    } else if (event.key === "Escape") {
      this.#chart.dispatchAction({ type: "hideTip" });
      this.#cursor = null;
      this.#showReadout();
    } else {
      return;
    }
    event.preventDefault();
  }

  #moveCursor(index, start, end) {
    const size = end - start;
    if (index < start) {
      this.#setView(index, index + size);
    } else if (index > end) {
      this.#setView(index - size, index);
    }
    const x = this.#chart.convertToPixel({ xAxisIndex: 0 }, String(this.#slots[index].t));
    this.#chart.dispatchAction({ type: "showTip", x, y: this.#chart.getHeight() * 0.3 });
    this.#cursor = index;
    this.#readout.setAttribute("aria-live", "polite");
    this.#showReadout();
  }
}

function slotTime(ms, intervalMs) {
  return intervalMs >= DAY_MS ? format.date(ms) : `${format.date(ms)} ${format.timeOfDay(ms).slice(0, 5)}`;
}

function shortNumber(value) {
  const units = [[1e9, "B"], [1e6, "M"], [1e3, "K"]];
  const [size, unit] = units.find(([each]) => Math.abs(value) >= each) ?? [1, ""];
  return `${Number((value / size).toPrecision(3))}${unit}`;
}

/** A pattern of diagonal lines. */
function hatch(stroke) {
  const canvas = document.createElement("canvas");
  canvas.width = 8;
  canvas.height = 8;
  const context = canvas.getContext("2d");
  context.strokeStyle = stroke;
  context.lineWidth = 1;
  for (const offset of [-8, 0, 8]) {
    context.beginPath();
    context.moveTo(offset, 8);
    context.lineTo(offset + 8, 0);
    context.stroke();
  }
  return canvas;
}
