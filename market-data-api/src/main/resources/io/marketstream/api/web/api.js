/** Reads the API. Addresses are relative, so that the page works below a path of a proxy. */

import { report } from "./connection.js";

const TIMEOUT_MS = 15_000;
const MAX_RETRY_MS = 5_000;

/** An answer that is not 200, or no answer (status 0). */
export class ApiError extends Error {
  #isRefusal;

  /** `refusal` is the answer of the API itself, if it refuses the request. */
  constructor(status, message, refusal = null) {
    super(message);
    this.status = status;
    this.parameter = refusal?.parameter ?? null;
    this.#isRefusal = refusal !== null && status < 500;
  }

  /** Whether the same request can succeed later. A proxy can answer with any status for a while. */
  get isTemporary() {
    return !this.#isRefusal;
  }
}

export function url(path, parameters = {}) {
  return `api/${path}?${new URLSearchParams(parameters)}`;
}

export async function get(path, parameters, signal) {
  const timeout = new AbortController();
  const abort = () => timeout.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  signal?.addEventListener("abort", abort);
  try {
    const response = await fetch(url(path, parameters), { signal: timeout.signal });
    if (!response.ok) {
      // A proxy answers without JSON.
      const body = await response.json().catch(() => null);
      const text = body?.message ?? `The server answers with status ${response.status}`;
      throw new ApiError(response.status, text, body?.error ? body : null);
    }
    return await response.json();
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted) {
      throw error;
    }
    throw new ApiError(0, "The API does not answer");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** All pages of a list of candles. */
export async function allPages(path, parameters, list, signal) {
  const found = [];
  let token = null;
  do {
    const answer = await get(path, token ? { ...parameters, page_token: token } : parameters, signal);
    found.push(...answer[list]);
    token = answer.next_page_token;
  } while (token);
  return found;
}

export function sleep(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/**
 * Runs a task again and again until the signal aborts it. After a failure it tries again soon, then
 * less often. In a hidden page it pauses. If the API refuses a request, it calls `onRefusal` with the
 * error and ends.
 */
export async function repeat(channel, everyMs, task, signal, onRefusal = null) {
  let failures = 0;
  while (!signal?.aborted) {
    let wait = everyMs;
    try {
      await task();
      failures = 0;
      report(channel, null);
    } catch (error) {
      if (signal?.aborted) {
        return;
      }
      if (!(error instanceof ApiError)) {
        console.error(error);
      } else if (error.isTemporary) {
        report(channel, error.message);
      } else {
        // A refusal is an answer, too.
        report(channel, null);
        if (onRefusal) {
          onRefusal(error);
          return;
        }
      }
      wait = Math.min(MAX_RETRY_MS, 500 * 2 ** failures++);
    }
    await sleep(wait, signal);
    await visible();
  }
}

function visible() {
  return new Promise((resolve) => {
    if (!document.hidden) {
      resolve();
      return;
    }
    document.addEventListener("visibilitychange", () => resolve(), { once: true });
  });
}
