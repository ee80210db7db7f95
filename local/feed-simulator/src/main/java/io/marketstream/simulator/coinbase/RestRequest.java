package io.marketstream.simulator.coinbase;

import io.marketstream.simulator.server.PlainRequest;

/**
 * One REST request that reached the simulator.
 *
 * @param atMs Unix milliseconds
 * @param request the request
 * @param status the HTTP status of the answer
 */
public record RestRequest(long atMs, PlainRequest request, int status) {}
