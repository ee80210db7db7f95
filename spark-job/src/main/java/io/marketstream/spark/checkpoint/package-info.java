/**
 * What the job checks and stores in the directory of its checkpoint, beside what Spark stores
 * there.
 */
@NullMarked
package io.marketstream.spark.checkpoint;

import org.jspecify.annotations.NullMarked;
