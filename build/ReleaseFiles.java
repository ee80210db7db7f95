import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Collects the artifacts of a release in one folder, with their checksums. {@code mvn -Prelease
 * package} runs it after all modules are built:
 *
 * <pre>java build/ReleaseFiles.java REPOSITORY FOLDER VERSION TIMESTAMP</pre>
 *
 * <p>The tarball holds every jar that {@code up}, {@code status}, {@code audit} and {@code export}
 * need, once, and the licences of those that are not ours. Equal input leads to equal bytes:
 * entries are sorted, and have the given time, one owner and fixed rights.
 */
public final class ReleaseFiles {
  /** The class paths of the tarball, by the modules that Maven writes them for. */
  private static final List<String> CLASS_PATHS =
      List.of(
          "local/embedded-stack/classpaths/kafka",
          "local/embedded-stack/classpaths/connect",
          "local/embedded-stack/classpaths/cassandra",
          "local/embedded-stack/classpaths/spark",
          "local/local-pipeline",
          "auditor");

  /** The jars of ours that no class path names. */
  private static final List<String> OWN_JARS =
      List.of("local/local-pipeline", "auditor", "market-data-api", "spark-job");

  private static final List<String> CONNECTORS =
      List.of("finnhub-source-connector", "coincap-source-connector", "coinbase-source-connector");

  /** A text in a jar that its licence asks to keep. */
  private static final Pattern LICENCE_TEXT =
      Pattern.compile(
          "(META-INF/)?([^/]*[-_.])?(licen[sc]es?|notice|copying|copyright|about)([-_.][^/]*)?"
              + "|(META-INF/)?licen[sc]es?/.+",
          Pattern.CASE_INSENSITIVE);

  private final Path repository;
  private final Path output;
  private final String version;
  private final Instant time;
  private final Path image;

  private ReleaseFiles(Path repository, Path output, String version, Instant time) {
    this.repository = repository;
    this.output = output;
    this.version = version;
    this.time = time;
    this.image = output.resolveSibling("image").resolve("market-stream-" + version);
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 4) {
      System.err.println("Usage: java ReleaseFiles.java REPOSITORY FOLDER VERSION TIMESTAMP");
      System.exit(2);
    }
    new ReleaseFiles(
            Path.of(args[0]).toAbsolutePath().normalize(),
            Path.of(args[1]).toAbsolutePath().normalize(),
            args[2],
            Instant.parse(args[3]))
        .write();
  }

  private void write() throws Exception {
    delete(output);
    delete(image.getParent());
    Files.createDirectories(output);
    writeImage();
    writeTarball(output.resolve("market-stream-" + version + ".tar.gz"));
    for (String connector : CONNECTORS) {
      copy(pluginZip(connector), output);
    }
    writeAllPlugins(output.resolve("marketstream-all-plugins-" + version + ".zip"));
    copy(jar("spark-job"), output);
    copy(jar("audit-job"), output);
    copy(jar("market-data-api"), output);
    Files.copy(
        target("auditor", "publish/auditor-" + version + "-standalone.jar"),
        output.resolve("auditor-" + version + ".jar"));
    writeChecksums();
  }

  private Path jar(String module) {
    return target(module, Path.of(module).getFileName() + "-" + version + ".jar");
  }

  private Path pluginZip(String module) {
    return target(module, "marketstream-" + module + "-" + version + ".zip");
  }

  private Path target(String module, String file) {
    Path path = repository.resolve(module).resolve("target").resolve(file);
    if (!Files.isRegularFile(path)) {
      throw new IllegalStateException(
          path + " is missing. Build all modules: mvn -Prelease package");
    }
    return path;
  }

  private void writeImage() throws Exception {
    Path lib = Files.createDirectories(image.resolve("lib"));
    Path classpaths = Files.createDirectories(image.resolve("classpaths"));
    Map<String, Path> jars = new TreeMap<>();
    for (String module : CLASS_PATHS) {
      List<String> names = new ArrayList<>();
      for (String jar : Files.readString(target(module, "classpath.txt")).strip().split(":")) {
        names.add("../lib/" + add(jars, Path.of(jar)));
      }
      Files.writeString(
          classpaths.resolve(Path.of(module).getFileName() + ".txt"),
          String.join(":", names) + "\n");
    }
    for (String module : OWN_JARS) {
      add(jars, jar(module));
    }
    for (Path jar : jars.values()) {
      copy(jar, lib);
    }
    Path plugins = Files.createDirectories(image.resolve("plugins"));
    for (String connector : CONNECTORS) {
      copy(pluginZip(connector), plugins);
    }

    Files.writeString(image.resolve("VERSION"), version + "\n");
    Files.copy(repository.resolve("release/README.md"), image.resolve("README.md"));
    for (String file : List.of("market-stream", "LICENSE", "CHANGELOG.md")) {
      copy(repository.resolve(file), image);
    }
    copyTree("cassandra-cql");
    copyTree("connect-configs");
    copyTree("schemas");
    copyTree("spark-job/conf");
    Path help = Files.createDirectories(image.resolve("help"));
    try (Stream<Path> modules = Files.find(repository, 6, ReleaseFiles::isHelp)) {
      for (Path file : modules.sorted().toList()) {
        copy(file, help);
      }
    }
    writeLicences(jars);
  }

  private static boolean isHelp(Path file, Object attributes) {
    return file.toString().endsWith(".txt") && file.getParent().endsWith("src/main/help");
  }

  private static String add(Map<String, Path> jars, Path jar) throws IOException {
    String name = jar.getFileName().toString();
    Path other = jars.putIfAbsent(name, jar);
    if (other != null && !other.equals(jar) && Files.mismatch(other, jar) != -1) {
      throw new IllegalStateException(
          other + " and " + jar + " have one name but different content: lib can hold only one");
    }
    return name;
  }

  private void copyTree(String folder) throws IOException {
    Path from = repository.resolve(folder);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Path to = image.resolve(folder).resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  private void writeLicences(Map<String, Path> jars) throws Exception {
    Path folder = Files.createDirectories(image.resolve("licences"));
    StringBuilder list =
        new StringBuilder(
            "Third-party jars in lib, each with the licences that its POM names. Where there are"
                + " several, choose one.\nThe texts that come with a jar are in the folder with its"
                + " name.\n\n");
    for (Map.Entry<String, Path> jar : jars.entrySet()) {
      if (jar.getValue().startsWith(repository)) {
        continue;
      }
      int texts = extractTexts(jar.getValue(), folder);
      List<String> licences = licences(jar.getValue());
      if (licences.isEmpty() && texts == 0) {
        throw new IllegalStateException(jar.getValue() + " names no licence and holds none");
      }
      list.append(jar.getKey())
          .append(": ")
          .append(licences.isEmpty() ? "see its folder" : String.join("; ", licences))
          .append('\n');
    }
    Files.writeString(folder.resolve("THIRD-PARTY.txt"), list);
    Files.writeString(
        image.resolve("NOTICE"),
        "market-stream\n\nThis archive contains software of other projects, unchanged, in the folder"
            + " lib.\nlicences/THIRD-PARTY.txt lists it with its licences. The folders beside that"
            + " file have the licence\ntexts and notices that come with each jar. A jar of"
            + " market-stream that contains other software\nhas their notices in its folder"
            + " META-INF.\n");
  }

  private static int extractTexts(Path jar, Path folder) throws IOException {
    String name = jar.getFileName().toString();
    Path texts = folder.resolve(name.substring(0, name.length() - ".jar".length()));
    int count = 0;
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (!entry.isDirectory()
            && LICENCE_TEXT.matcher(entry.getName()).matches()
            && !entry.getName().toLowerCase(Locale.ROOT).endsWith(".class")) {
          Files.createDirectories(texts);
          String file = entry.getName().replace("META-INF/", "").replace('/', '_');
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, texts.resolve(file), StandardCopyOption.REPLACE_EXISTING);
          }
          count++;
        }
      }
    }
    return count;
  }

  /** Returns the licences that the jar's POM or its nearest parent names. */
  private static List<String> licences(Path jar) throws Exception {
    Path folder = jar.getParent();
    String artifact = folder.getParent().getFileName().toString();
    Optional<Path> pom =
        Optional.of(folder.resolve(artifact + "-" + folder.getFileName() + ".pom"));
    Path localRepository = null;
    while (pom.isPresent() && Files.exists(pom.get())) {
      Element project = parse(pom.get());
      Optional<Element> parent = child(project, "parent");
      if (localRepository == null) {
        String group =
            text(project, "groupId")
                .or(() -> parent.flatMap(p -> text(p, "groupId")))
                .orElseThrow();
        localRepository = folder.getParent().getParent();
        for (int i = 0; i < group.split("\\.").length; i++) {
          localRepository = localRepository.getParent();
        }
      }
      List<String> found = new ArrayList<>();
      child(project, "licenses")
          .ifPresent(
              all -> {
                for (Node n = all.getFirstChild(); n != null; n = n.getNextSibling()) {
                  if (n instanceof Element licence) {
                    String name = text(licence, "name").orElse("");
                    String url = text(licence, "url").map(u -> " (" + u + ")").orElse("");
                    found.add((name + url).strip());
                  }
                }
              });
      if (!found.isEmpty() || parent.isEmpty()) {
        return found;
      }
      String group = text(parent.get(), "groupId").orElseThrow();
      String name = text(parent.get(), "artifactId").orElseThrow();
      String version = text(parent.get(), "version").orElseThrow();
      pom =
          Optional.of(
              localRepository
                  .resolve(group.replace('.', '/'))
                  .resolve(name)
                  .resolve(version)
                  .resolve(name + "-" + version + ".pom"));
    }
    return List.of();
  }

  private static Element parse(Path pom)
      throws ParserConfigurationException, SAXException, IOException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
  }

  private static Optional<Element> child(Element parent, String name) {
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element element && element.getTagName().equals(name)) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(Element parent, String name) {
    return child(parent, name)
        .map(found -> found.getTextContent().strip().replaceAll("\\s+", " "))
        .filter(text -> !text.isEmpty());
  }

  /** A zip for workers that take one plugin only. It has the folders of both plugin zips. */
  private void writeAllPlugins(Path file) throws IOException {
    LocalDateTime local = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String connector : CONNECTORS) {
        try (ZipFile plugin = new ZipFile(pluginZip(connector).toFile())) {
          List<String> names =
              plugin.stream()
                  .filter(entry -> !entry.isDirectory())
                  .map(ZipEntry::getName)
                  .sorted()
                  .toList();
          for (String name : names) {
            ZipEntry entry = new ZipEntry(name);
            entry.setTimeLocal(local);
            zip.putNextEntry(entry);
            try (InputStream in = plugin.getInputStream(plugin.getEntry(name))) {
              in.transferTo(zip);
            }
            zip.closeEntry();
          }
        }
      }
    }
  }

  private void writeTarball(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        GZIPOutputStream gzip =
            new GZIPOutputStream(out, 1 << 16) {
              {
                def.setLevel(Deflater.BEST_SPEED); // jars are compressed already
              }
            };
        Stream<Path> walk = Files.walk(image)) {
      List<Path> paths = walk.sorted(Comparator.comparing(this::name)).toList();
      for (Path path : paths) {
        if (Files.isDirectory(path)) {
          gzip.write(tarHeader(name(path) + "/", 0755, 0, '5'));
        } else {
          int rights = path.equals(image.resolve("market-stream")) ? 0755 : 0644;
          long size = Files.size(path);
          gzip.write(tarHeader(name(path), rights, size, '0'));
          Files.copy(path, gzip);
          gzip.write(new byte[(int) ((512 - size % 512) % 512)]);
        }
      }
      gzip.write(new byte[1024]);
    }
  }

  private String name(Path path) {
    return image.getParent().relativize(path).toString().replace('\\', '/');
  }

  /** A header of POSIX ustar: 512 bytes, with numbers in octal digits. */
  private byte[] tarHeader(String name, int rights, long size, char type) {
    byte[] header = new byte[512];
    String prefix = "";
    if (name.length() > 100) {
      int cut = name.lastIndexOf('/', name.length() - 2);
      prefix = name.substring(0, cut);
      name = name.substring(cut + 1);
    }
    if (name.length() > 100 || prefix.length() > 155) {
      throw new IllegalStateException("The name is too long for a tarball: " + prefix + "/" + name);
    }
    put(header, 0, name);
    put(header, 100, String.format("%07o", rights));
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, String.format("%011o", size));
    put(header, 136, String.format("%011o", time.getEpochSecond()));
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 257, "ustar");
    put(header, 263, "00");
    put(header, 265, "root");
    put(header, 297, "root");
    put(header, 345, prefix);
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o", sum));
    header[154] = 0;
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** Writes the file that {@code sha256sum --check} reads. */
  private void writeChecksums() throws IOException, NoSuchAlgorithmException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.list(output)) {
      for (Path file : files.sorted().toList()) {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        try (InputStream in = Files.newInputStream(file)) {
          byte[] block = new byte[1 << 16];
          for (int read = in.read(block); read >= 0; read = in.read(block)) {
            sha256.update(block, 0, read);
          }
        }
        String line = HexFormat.of().formatHex(sha256.digest()) + "  " + file.getFileName() + "\n";
        lines.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        System.out.printf(Locale.ROOT, "%,15d bytes  %s%n", Files.size(file), file.getFileName());
      }
    }
    Files.write(output.resolve("SHA256SUMS"), lines.toByteArray());
  }

  private static void copy(Path file, Path folder) throws IOException {
    Files.copy(file, folder.resolve(file.getFileName().toString()));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Path[] paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.toArray(Path[]::new);
    }
    for (int i = paths.length - 1; i >= 0; i--) {
      Files.delete(paths[i]);
    }
  }
}
