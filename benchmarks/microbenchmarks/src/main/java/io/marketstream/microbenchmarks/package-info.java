/** What all microbenchmarks are fed with, and those that need no other package. */
package io.marketstream.microbenchmarks;
