package io.marketstream.api.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to export.
 *
 * @param symbols as {@code AAPL} or {@code finnhub:AAPL}; several may be joined with commas
 * @param source only symbols of this source
 * @param from epoch ms
 * @param to epoch ms, exclusive
 * @param intervals of candles; empty for all that are stored
 * @param overwrite whether files that exist are replaced
 */
public record ExportRequest(
    List<String> symbols,
    Optional<String> source,
    long from,
    long to,
    Set<DataKind> kinds,
    List<String> intervals,
    FileFormat format,
    DecimalForm decimals,
    Path folder,
    boolean overwrite) {}
