package io.marketstream.api.export;

import com.datastax.oss.driver.api.core.cql.Row;
import io.marketstream.api.cassandra.DatabaseUnavailableException;
import io.marketstream.api.cassandra.MarketTables;
import io.marketstream.api.cassandra.Retry;
import io.marketstream.api.cassandra.RowPages;
import io.marketstream.api.market.Gap;
import io.marketstream.api.market.GapTimeline;
import io.marketstream.api.market.Instrument;
import io.marketstream.api.market.Tick;
import io.marketstream.model.CandleInterval;
import io.marketstream.model.Fields;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes the data of some symbols to files, one per kind of data, symbol and day. */
public final class Export {
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  /** As in the API: a gap that began longer before a day is not found. */
  private static final int GAP_MONTHS_BEFORE = 2;

  private static final String MINUTE = "1m";

  /** Without {@code --to} the range ends when the command began, which is a little while ago. */
  private static final long SINCE_THE_START_MS = 60_000;

  private final MarketTables tables;
  private final ExportRequest request;
  private final ExportProgress progress;
  private final BooleanSupplier isStopped;
  private final Clock clock;
  private final ExportFolder folder;

  /** Of the symbol that is exported now. */
  private @Nullable MonthOfGaps gaps;

  private long files;
  private long rows;
  private long bytes;

  /**
   * The gaps around a month.
   *
   * @param stored by their keys, as the table has them
   */
  private record MonthOfGaps(
      Instrument instrument, LocalDate month, GapTimeline timeline, Map<GapKey, Gap> stored) {}

  private record GapKey(String symbol, long start, long sessionBefore, long firstMissing) {
    static GapKey of(Gap gap) {
      return new GapKey(gap.symbol(), gap.start(), gap.sessionBefore(), gap.firstMissing());
    }
  }

  /** Adds the rows of a day to its file. */
  private interface Source {
    void write(DayFile file) throws IOException;
  }

  /**
   * @param isStopped asked again and again; once true, the export ends with the file it is at
   */
  public Export(
      MarketTables tables,
      ExportRequest request,
      ExportProgress progress,
      BooleanSupplier isStopped,
      Clock clock) {
    this.tables = tables;
    this.request = request;
    this.progress = progress;
    this.isStopped = isStopped;
    this.clock = clock;
    this.folder = new ExportFolder(request.folder(), request.format());
  }

  /**
   * Writes the files. Those that are complete stay, whatever happens.
   *
   * @throws ExportFailedException if something has to be changed first, or has failed
   */
  public ExportResult run() {
    List<Instrument> instruments =
        new ExportSymbols(await(this::known), request.source()).find(request.symbols());
    List<String> intervals =
        request.kinds().contains(DataKind.CANDLES) && request.intervals().isEmpty()
            ? await(this::storedIntervals)
            : request.intervals();
    List<LocalDate> days = days();
    requireDifferentPaths(instruments);
    if (request.overwrite()) {
      requireWholeDays(instruments, days);
    } else {
      requireNoFiles(instruments, days);
    }
    long filesOfSymbol = (long) days.size() * request.kinds().size();
    progress.begins(instruments.size() * filesOfSymbol, instruments.size() * steps(intervals));
    try {
      List<ExportResult.Empty> empty = new ArrayList<>();
      for (Instrument instrument : instruments) {
        empty.addAll(export(instrument, days, intervals));
      }
      return new ExportResult(files, rows, bytes, List.copyOf(empty));
    } finally {
      progress.ended();
    }
  }

  private List<ExportResult.Empty> export(
      Instrument instrument, List<LocalDate> days, List<String> intervals) {
    Map<DataKind, List<LocalDate>> empty = new EnumMap<>(DataKind.class);
    for (LocalDate day : days) {
      for (DataKind kind : request.kinds()) {
        long before = files;
        write(
            kind,
            instrument,
            day,
            switch (kind) {
              case TICKS -> file -> ticks(instrument, day, file);
              case CANDLES -> file -> candles(instrument, day, intervals, file);
              case GAPS -> file -> gaps(instrument, day, file);
            });
        if (files == before) {
          empty.computeIfAbsent(kind, unused -> new ArrayList<>()).add(day);
        }
      }
    }
    return empty.entrySet().stream()
        .map(each -> empty(each.getKey(), instrument, each.getValue()))
        .toList();
  }

  private ExportResult.Empty empty(DataKind kind, Instrument instrument, List<LocalDate> days) {
    return new ExportResult.Empty(
        kind,
        instrument,
        List.copyOf(days),
        days.stream().anyMatch(day -> Files.exists(folder.file(kind, instrument, day))));
  }

  private void write(DataKind kind, Instrument instrument, LocalDate day, Source source) {
    Path path = folder.file(kind, instrument, day);
    progress.file(kind, instrument, day);
    try (DayFile file =
        new DayFile(
            path,
            part -> request.format().open(part, kind, request.decimals()),
            request.format()::rows)) {
      source.write(file);
      requireNotStopped();
      if (file.rows() > 0 && !request.overwrite() && Files.exists(path)) {
        throw ExportFailedException.failed(
            path + " was written by another program meanwhile",
            new java.nio.file.FileAlreadyExistsException(path.toString()));
      }
      bytes += file.complete();
      files += file.rows() > 0 ? 1 : 0;
      rows += file.rows();
      progress.fileDone();
    } catch (IOException e) {
      throw ExportFailedException.failed(path + " cannot be written: " + reason(e), e);
    } catch (InexactDecimalException e) {
      throw ExportFailedException.failed(
          path
              + " cannot be written exactly: "
              + e.getMessage()
              + ". Use --decimals text, with --overwrite for the days that are written already",
          e);
    } catch (DatabaseUnavailableException e) {
      throw ExportFailedException.failed(
          path + " cannot be written: " + e.getMessage() + ": " + rootMessage(e), e);
    }
  }

  private void ticks(Instrument instrument, LocalDate day, DayFile file) throws IOException {
    long from = Math.max(request.from(), start(day));
    long to = Math.min(request.to(), start(day) + DAY_MS);
    for (long hour = from - Math.floorMod(from, HOUR_MS); hour < to; hour += HOUR_MS) {
      copy(tables.allTicks(instrument, hour, from, to), file);
      progress.stepDone();
    }
  }

  private void candles(Instrument instrument, LocalDate day, List<String> intervals, DayFile file)
      throws IOException {
    long from = Math.max(request.from(), start(day));
    long to = Math.min(request.to(), start(day) + DAY_MS);
    for (String interval : intervals) {
      // Whole candles: the first one contains the start.
      long first = CandleInterval.parse(interval).openTime(from);
      copy(tables.allCandles(instrument, interval, day.withDayOfMonth(1), first, to), file);
      progress.stepDone();
    }
  }

  private void copy(RowPages pages, DayFile file) throws IOException {
    while (pages.hasNext()) {
      Row row = pages.next();
      add(column -> value(row, column), file);
    }
    requireNotStopped();
  }

  private void add(RowValues row, DayFile file) throws IOException {
    requireNotStopped();
    file.write(row);
    progress.row();
  }

  private static @Nullable Object value(Row row, Column column) {
    String name = column.name();
    return switch (column.type()) {
      case TEXT -> row.getString(name);
      case TIME -> row.getInstant(name);
      case PRICE, VOLUME, QUOTIENT -> row.getBigDecimal(name);
      case INTEGER -> row.isNull(name) ? null : (Long) row.getLong(name);
      case TEXTS -> row.isNull(name) ? null : row.getList(name, String.class);
    };
  }

  /** Every gap that has a part in the day is in its file, also one that began before. */
  private void gaps(Instrument instrument, LocalDate day, DayFile file) throws IOException {
    long from = Math.max(request.from(), start(day));
    long to = Math.min(request.to(), start(day) + DAY_MS);
    MonthOfGaps around = gapsAround(instrument, day.withDayOfMonth(1));
    for (Gap gap : around.timeline().between(from, to)) {
      Gap stored = around.stored().getOrDefault(GapKey.of(gap), gap);
      add(column -> value(stored, gap.end(), column), file);
    }
    progress.stepDone();
  }

  private MonthOfGaps gapsAround(Instrument instrument, LocalDate month) {
    MonthOfGaps known = gaps;
    if (known != null && known.instrument().equals(instrument) && known.month().equals(month)) {
      return known;
    }
    List<Gap> found = new ArrayList<>();
    // A gap after the month can tell when one within it ended.
    for (int offset = -GAP_MONTHS_BEFORE; offset <= 1; offset++) {
      LocalDate each = month.plusMonths(offset);
      for (String symbol : List.of(instrument.symbol(), Fields.ALL_SYMBOLS)) {
        found.addAll(await(() -> tables.gaps(instrument.source(), symbol, each)));
      }
    }
    Map<GapKey, Gap> stored = new HashMap<>();
    found.forEach(gap -> stored.put(GapKey.of(gap), gap));
    MonthOfGaps read = new MonthOfGaps(instrument, month, new GapTimeline(found), stored);
    gaps = read;
    return read;
  }

  private static @Nullable Object value(Gap gap, @Nullable Long knownEnd, Column column) {
    return switch (column.name()) {
      case "source" -> gap.source();
      case "symbol" -> gap.symbol();
      case "gap_start" -> Instant.ofEpochMilli(gap.start());
      case "gap_end" -> time(gap.end());
      case "known_end" -> time(knownEnd);
      case "cause" -> gap.cause();
      case "session_before" -> gap.sessionBefore();
      case "session_after" -> gap.sessionAfter();
      case "first_missing" -> gap.firstMissing();
      case "dropped" -> gap.dropped();
      case "detail" -> gap.detail();
      case "first_missing_id" -> gap.firstMissingId();
      case "last_missing_id" -> gap.lastMissingId();
      case "repaired_at" -> time(gap.repairedAt());
      default -> throw new IllegalArgumentException(column.name());
    };
  }

  private static @Nullable Instant time(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private CompletableFuture<Collection<Instrument>> known() {
    return tables
        .sources()
        .thenCompose(sources -> MarketTables.all(sources.stream().map(tables::latest).toList()))
        .thenApply(
            found -> found.stream().flatMap(List::stream).map(Tick::instrument).sorted().toList());
  }

  private CompletableFuture<List<String>> storedIntervals() {
    return tables
        .storedIntervals()
        .thenApply(
            intervals ->
                intervals.isEmpty()
                    ? List.of(MINUTE)
                    : intervals.stream()
                        .sorted(
                            java.util.Comparator.comparingLong(
                                each -> CandleInterval.parse(each).millis()))
                        .toList());
  }

  private List<LocalDate> days() {
    return day(request.from()).datesUntil(day(request.to() - 1).plusDays(1)).toList();
  }

  private long steps(List<String> intervals) {
    long steps = 0;
    for (LocalDate day : days()) {
      if (request.kinds().contains(DataKind.TICKS)) {
        long from = Math.max(request.from(), start(day));
        long to = Math.min(request.to(), start(day) + DAY_MS);
        steps += Math.floorDiv(to - 1, HOUR_MS) - Math.floorDiv(from, HOUR_MS) + 1;
      }
      steps += request.kinds().contains(DataKind.CANDLES) ? intervals.size() : 0;
      steps += request.kinds().contains(DataKind.GAPS) ? 1 : 0;
    }
    return steps;
  }

  private void requireNoFiles(List<Instrument> instruments, List<LocalDate> days) {
    Path first = null;
    long existing = 0;
    for (Instrument instrument : instruments) {
      for (LocalDate day : days) {
        for (DataKind kind : request.kinds()) {
          Path file = folder.file(kind, instrument, day);
          if (Files.exists(file)) {
            first = first == null ? file : first;
            existing++;
          }
        }
      }
    }
    if (first != null) {
      throw ExportFailedException.refused(
          first
              + (existing == 1 ? " exists" : " and " + (existing - 1) + " other files exist")
              + ". Use --overwrite to replace what exists, or another --output");
    }
  }

  /** A file must not be replaced by one with a part of its rows: the others may be nowhere else. */
  private void requireWholeDays(List<Instrument> instruments, List<LocalDate> days) {
    long now = clock.millis() - SINCE_THE_START_MS;
    for (Instrument instrument : instruments) {
      for (LocalDate day : days) {
        long end = start(day) + DAY_MS;
        for (DataKind kind : request.kinds()) {
          Path file = folder.file(kind, instrument, day);
          if (!Files.exists(file)) {
            continue;
          }
          if (request.from() > start(day) || request.to() < Math.min(end, now)) {
            throw ExportFailedException.refused(
                file
                    + " exists, and --from and --to have only a part of its day. Choose whole days,"
                    + " or another --output");
          }
        }
      }
    }
  }

  /** Some file systems do not distinguish small from capital letters. */
  private void requireDifferentPaths(List<Instrument> instruments) {
    Map<String, Instrument> paths = new HashMap<>();
    for (Instrument instrument : instruments) {
      Instrument other =
          paths.put(
              folder
                  .file(DataKind.TICKS, instrument, day(request.from()))
                  .toString()
                  .toLowerCase(Locale.ROOT),
              instrument);
      if (other != null && !other.equals(instrument)) {
        throw ExportFailedException.refused(
            "the files of "
                + other.symbol()
                + " and "
                + instrument.symbol()
                + " would have names that some file systems do not distinguish. Export them into"
                + " different folders with --output");
      }
    }
  }

  private void requireNotStopped() {
    if (isStopped.getAsBoolean()) {
      throw ExportFailedException.failed("the export was stopped", new InterruptedException());
    }
  }

  private static <T> T await(Supplier<CompletableFuture<T>> ask) {
    try {
      return Retry.await(ask);
    } catch (DatabaseUnavailableException e) {
      throw ExportFailedException.failed(e.getMessage() + ": " + rootMessage(e), e);
    }
  }

  private static LocalDate day(long time) {
    return Instant.ofEpochMilli(time).atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static long start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  /** Messages of this exception begin with the file, which ours name already. */
  private static String reason(IOException e) {
    return e instanceof FileSystemException file
        ? Optional.ofNullable(file.getReason()).orElse(e.getClass().getSimpleName())
        : rootMessage(e);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
