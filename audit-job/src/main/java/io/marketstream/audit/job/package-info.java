/** The auditor as a Spark job, for topics that do not fit into the memory of one process. */
@NullMarked
package io.marketstream.audit.job;

import org.jspecify.annotations.NullMarked;
