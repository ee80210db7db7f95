/** What a provider must tell us about its feed. Pure: no I/O, no clock. */
package io.marketstream.feed.protocol;
