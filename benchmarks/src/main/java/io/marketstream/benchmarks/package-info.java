/** What the job is compared with: the job that a user would write, and the driver alone. */
package io.marketstream.benchmarks;
