package io.marketstream.repair;

/** What is wrong with the history of the venue while a connector repairs its gaps. */
sealed interface HistoryFault {

  record None() implements HistoryFault {}

  /**
   * 429 for the next requests.
   *
   * @param requests how many
   */
  record RateLimited(int requests) implements HistoryFault {}

  /**
   * Another status, and a page of HTML.
   *
   * @param requests how many
   */
  record Failing(int requests, int status) implements HistoryFault {}

  /**
   * Trades appear late.
   *
   * @param millis how old a trade is when the history shows it
   */
  record Late(int millis) implements HistoryFault {}

  /**
   * Late answers.
   *
   * @param requests how many
   * @param millis how late each answer is
   */
  record Slow(int requests, int millis) implements HistoryFault {}
}
