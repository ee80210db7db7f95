/** Configuration fragments that connectors compose. */
package io.marketstream.feed.config;
