/** What the job tells an auditor: the options it runs with, and how far its queries have come. */
package io.marketstream.spark.progress;
