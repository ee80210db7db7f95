/** The auditor as a Spark job, for topics that do not fit into the memory of one process. */
package io.marketstream.audit.job;
