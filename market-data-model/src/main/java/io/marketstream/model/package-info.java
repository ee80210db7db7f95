/**
 * The shared vocabulary of the product: names of topics, tables and fields, enums, limits and the
 * list of trade conditions. Connectors, jobs and auditor meet in topics and tables only, and this
 * package holds what they must agree on. Its only parsers read the spelling of intervals and
 * durations.
 */
@NullMarked
package io.marketstream.model;

import org.jspecify.annotations.NullMarked;
