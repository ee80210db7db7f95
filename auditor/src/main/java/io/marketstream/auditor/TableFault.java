package io.marketstream.auditor;

/**
 * Something that is wrong with one row alone.
 *
 * @param what the description, in one line
 * @param row the row, with the name of its table
 */
public record TableFault(FindingKind kind, String what, String row) {}
