/** What the job tells an auditor: the options it runs with, and how far it has come. */
package io.marketstream.spark.progress;
