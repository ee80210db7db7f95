/** Reads the evidence from a cluster, and audits all its symbols: tables, topics, and a journal. */
@NullMarked
package io.marketstream.auditor.cluster;

import org.jspecify.annotations.NullMarked;
