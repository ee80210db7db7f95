package io.marketstream.pipeline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The dependency rules of ARCHITECTURE.md, checked on the compiled main classes of all modules. The
 * classes are read from the modules' target folders, because most of them are not on the class path
 * of these tests.
 */
class ArchitectureTest {
  private static JavaClasses classes;

  /** The modules of the product, and the modules whose classes each may use. */
  private enum Module {
    MODEL("market-data-model", "io.marketstream.model"),
    FEED_CORE("feed-core", "io.marketstream.feed", MODEL),
    FINNHUB("finnhub-source-connector", "io.marketstream.finnhub", FEED_CORE, MODEL),
    COINCAP("coincap-source-connector", "io.marketstream.coincap", FEED_CORE, MODEL),
    COINBASE("coinbase-source-connector", "io.marketstream.coinbase", FEED_CORE, MODEL),
    SPARK_JOB("spark-job", "io.marketstream.spark", MODEL),
    AUDITOR("auditor", "io.marketstream.auditor", MODEL),
    API("market-data-api", "io.marketstream.api", MODEL),
    AUDIT_JOB("audit-job", "io.marketstream.audit.job", AUDITOR, MODEL),
    SCHEMA_MIGRATION("schema-migration", "io.marketstream.schema", MODEL),
    SIMULATOR("local/feed-simulator", "io.marketstream.simulator", MODEL),
    EMBEDDED_STACK("local/embedded-stack", "io.marketstream.embedded", SCHEMA_MIGRATION, MODEL),
    LOCAL_PIPELINE("local/local-pipeline", "io.marketstream.local", EMBEDDED_STACK, MODEL);

    private final String folder;
    private final String basePackage;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Module> mayUse;

    Module(String folder, String basePackage, Module... mayUse) {
      this.folder = folder;
      this.basePackage = basePackage;
      this.mayUse = List.of(mayUse);
    }

    /** Returns the package and all packages below it, in ArchUnit's syntax. */
    private String packages() {
      return basePackage + "..";
    }

    private Path compiled() {
      return TestStack.ROOT.resolve(folder).resolve("target/classes");
    }
  }

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .importPaths(Stream.of(Module.values()).map(Module::compiled).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aModuleUsesOnlyTheModulesThatItMayUse(Module module) {
    List<String> allowed = new ArrayList<>(List.of(module.packages()));
    module.mayUse.forEach(used -> allowed.add(used.packages()));

    noClasses()
        .that()
        .resideInAPackage(module.packages())
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.marketstream..")
                .and(resideOutsideOfPackages(allowed.toArray(String[]::new))))
        .because("dependencies point one way (ARCHITECTURE.md)")
        .check(classes);
  }

  @ParameterizedTest
  @EnumSource
  void packagesOfAModuleHaveNoCycle(Module module) {
    slices().assignedFrom(new PackagesOf(module)).should().beFreeOfCycles().check(classes);
  }

  @Test
  void feedCoreKnowsNoProvider() {
    noClasses()
        .that()
        .resideInAPackage(Module.FEED_CORE.packages())
        .should()
        .haveSimpleNameContaining("Finnhub")
        .orShould()
        .haveSimpleNameContaining("CoinCap")
        .check(classes);
  }

  /** NullAway checks only the packages that are marked. */
  @ParameterizedTest
  @EnumSource
  void everyPackageOfAModuleIsNullMarked(Module module) {
    List<String> unmarked =
        classes.that(resideInAPackage(module.packages())).stream()
            .map(JavaClass::getPackage)
            .filter(each -> !each.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
            .map(JavaPackage::getName)
            .distinct()
            .toList();

    assertThat(unmarked).as("packages whose package-info.java lacks @NullMarked").isEmpty();
  }

  /** No rule would apply to a module that is missing here. */
  @Test
  void everyModuleOfTheProductIsListed() throws Exception {
    String build = Files.readString(TestStack.ROOT.resolve("pom.xml")).split("<profiles>", 2)[0];
    List<String> modules =
        Pattern.compile("<module>([^<]+)</module>")
            .matcher(build)
            .results()
            .map(module -> module.group(1))
            .filter(module -> !module.contains("/classpaths/"))
            .toList();

    assertThat(Arrays.stream(Module.values()).map(module -> module.folder))
        .containsExactlyInAnyOrderElementsOf(modules);
  }

  /** Each package of one module is a slice. */
  private record PackagesOf(Module module) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = type.getPackageName();
      return name.equals(module.basePackage) || name.startsWith(module.basePackage + ".")
          ? SliceIdentifier.of(name)
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages of " + module.folder;
    }
  }
}
