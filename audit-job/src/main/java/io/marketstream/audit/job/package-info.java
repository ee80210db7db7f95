/** The audit as a Spark job. */
package io.marketstream.audit.job;
