package io.marketstream.auditor.check;

import io.marketstream.auditor.report.FindingKind;

/**
 * A row that is wrong by itself, for example because it lacks a column.
 *
 * @param what the description, in one line
 * @param row the row as text, with the name of its table
 */
public record RowFault(FindingKind kind, String what, String row) {}
