/** The HTTP server: parameters, answers as JSON, errors, metrics and the TradingView protocol. */
@NullMarked
package io.marketstream.api.http;

import org.jspecify.annotations.NullMarked;
