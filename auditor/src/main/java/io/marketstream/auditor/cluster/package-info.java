/** Where an audit gets its evidence: tables, topics and the simulators' journal. */
package io.marketstream.auditor.cluster;
