/** The exceptions that end the job with a message for the user. */
@NullMarked
package io.marketstream.spark.failure;

import org.jspecify.annotations.NullMarked;
