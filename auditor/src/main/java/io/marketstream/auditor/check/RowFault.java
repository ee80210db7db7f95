package io.marketstream.auditor.check;

import io.marketstream.auditor.report.FindingKind;

/**
 * Something that is wrong with one row alone.
 *
 * @param what the description, in one line
 * @param row the row, with the name of its table
 */
public record RowFault(FindingKind kind, String what, String row) {}
