/** The options of the command line and the settings that the job makes from them. */
@NullMarked
package io.marketstream.spark.settings;

import org.jspecify.annotations.NullMarked;
