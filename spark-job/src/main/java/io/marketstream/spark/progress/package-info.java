/** What the job reports for the auditor: its options and how far it has read. */
@NullMarked
package io.marketstream.spark.progress;

import org.jspecify.annotations.NullMarked;
