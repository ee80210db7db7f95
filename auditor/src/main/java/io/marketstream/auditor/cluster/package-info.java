/** Reads the evidence from a cluster, and audits all its symbols: tables, topics, and a journal. */
package io.marketstream.auditor.cluster;
