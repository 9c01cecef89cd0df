// SPDX-License-Identifier: Apache-2.0
package egret;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds what ARCHITECTURE.md draws: which package may import which, and which libraries belong to one package. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("egret");

    /** The import table, in the order of the stages. What a package may import stands above it: no cycles. */
    private static final Map<String, List<String>> IMPORTS = new LinkedHashMap<>();

    static {
        IMPORTS.put("egret.rules", List.of());
        IMPORTS.put("egret.capture.pcap", List.of());
        IMPORTS.put("egret.capture.decode", List.of("egret.capture.pcap"));
        IMPORTS.put("egret.capture.protocol", List.of());
        IMPORTS.put("egret.capture.flow", List.of("egret.capture.decode", "egret.capture.protocol"));
        IMPORTS.put("egret.capture.engine", List.of());
        IMPORTS.put("egret.capture.evidence", List.of("egret.capture.engine"));
        IMPORTS.put("egret.capture.linux", List.of());
        IMPORTS.put("egret.capture.origin", List.of("egret.capture.flow"));
        IMPORTS.put("egret.capture.socket", List.of("egret.capture.linux"));
        IMPORTS.put(
                "egret.capture.process",
                List.of(
                        "egret.rules",
                        "egret.capture.flow",
                        "egret.capture.linux",
                        "egret.capture.engine",
                        "egret.capture.origin",
                        "egret.capture.socket"));
        IMPORTS.put("egret.capture.nat", List.of("egret.rules", "egret.capture.flow", "egret.capture.linux"));
        IMPORTS.put("egret.capture.filter", List.of());
        IMPORTS.put(
                "egret.capture.live",
                List.of("egret.rules", "egret.capture.pcap", "egret.capture.linux", "egret.capture.filter"));
        IMPORTS.put(
                "egret.capture.count",
                List.of(
                        "egret.rules",
                        "egret.capture.decode",
                        "egret.capture.protocol",
                        "egret.capture.flow",
                        "egret.capture.evidence",
                        "egret.capture.origin"));
        IMPORTS.put(
                "egret.capture",
                List.of(
                        "egret.rules",
                        "egret.capture.pcap",
                        "egret.capture.decode",
                        "egret.capture.flow",
                        "egret.capture.linux",
                        "egret.capture.evidence",
                        "egret.capture.origin",
                        "egret.capture.socket",
                        "egret.capture.process",
                        "egret.capture.nat",
                        "egret.capture.filter",
                        "egret.capture.live",
                        "egret.capture.count"));

        IMPORTS.put("egret.analyzer.answer", List.of("egret.rules", "egret.capture.origin", "egret.capture.count"));
        IMPORTS.put("egret.analyzer.feed", List.of("egret.capture.count"));
        List<String> counts =
                List.of("egret.rules", "egret.capture.origin", "egret.capture.count", "egret.analyzer.answer");
        IMPORTS.put("egret.analyzer.window", counts);
        IMPORTS.put("egret.analyzer.cause", plus(counts, "egret.capture.evidence"));
        IMPORTS.put("egret.analyzer.attribution", plus(counts, "egret.analyzer.cause"));
        IMPORTS.put("egret.analyzer.alert", plus(counts, "egret.analyzer.window"));
        IMPORTS.put(
                "egret.analyzer.pipeline",
                plus(
                        counts,
                        "egret.capture.evidence",
                        "egret.analyzer.feed",
                        "egret.analyzer.window",
                        "egret.analyzer.cause",
                        "egret.analyzer.attribution",
                        "egret.analyzer.alert"));
        IMPORTS.put(
                "egret.analyzer.inspect",
                List.of(
                        "egret.rules",
                        "egret.capture.pcap",
                        "egret.capture.decode",
                        "egret.capture.protocol",
                        "egret.capture.flow",
                        "egret.capture.count"));
        IMPORTS.put("egret.analyzer.report", plus(counts, "egret.analyzer.inspect"));
        IMPORTS.put("egret.analyzer.registry", List.of("egret.rules", "egret.analyzer.answer"));
        IMPORTS.put("egret.analyzer.watch", plus(counts, "egret.capture.origin", "egret.analyzer.report"));
        IMPORTS.put(
                "egret.analyzer.command",
                plus(
                        counts,
                        "egret.capture.pcap",
                        "egret.capture.decode",
                        "egret.capture.flow",
                        "egret.capture.evidence",
                        "egret.capture.live",
                        "egret.capture.nat",
                        "egret.capture.process",
                        "egret.capture.socket",
                        "egret.capture.evidence",
                        "egret.capture",
                        "egret.analyzer.pipeline",
                        "egret.analyzer.inspect",
                        "egret.analyzer.report",
                        "egret.analyzer.registry",
                        "egret.analyzer.watch"));
    }

    /** Where libraries are used, by the start of a class's name; nowhere else. */
    private static final Map<String, List<String>> OWNERS = Map.ofEntries(
            Map.entry("org.jline.", List.of("egret.analyzer.watch")),
            Map.entry("picocli.", List.of("egret.analyzer.command")),
            Map.entry("org.HdrHistogram.", List.of("egret.analyzer.window")),
            Map.entry("com.github.luben.", List.of("egret.capture.pcap")),
            Map.entry(
                    "com.fasterxml.jackson.",
                    List.of(
                            "egret.rules",
                            "egret.capture.evidence",
                            "egret.capture.process",
                            "egret.analyzer.report",
                            "egret.analyzer.registry")),
            Map.entry("java.net.http.", List.of("egret.analyzer.registry")),
            Map.entry("org.yaml.", List.of("egret.rules")),
            Map.entry("com.sun.jna.", List.of("egret.capture.linux")),
            Map.entry("org.pcap4j.", List.of("egret.capture.live")),
            Map.entry("java.util.logging.", List.of()),
            Map.entry("org.slf4j.", List.of()),
            Map.entry("sun.", List.of()),
            Map.entry("jdk.internal.", List.of()));

    /** Where the wall clock may be asked: all else knows packet time only. */
    private static final Set<String> CLOCKS = Set.of(
            "egret.capture.engine",
            "egret.capture.evidence",
            "egret.capture.live",
            "egret.capture.process",
            "egret.capture.nat",
            "egret.capture.socket",
            "egret.analyzer.command");

    private static List<String> plus(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    private static boolean ours(JavaClass type) {
        return type.getPackageName().equals("egret") || type.getPackageName().startsWith("egret.");
    }

    @Test
    void everyPackageIsInTheTable() {
        Set<String> packages = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            packages.add(type.getPackageName());
        }
        assertThat(packages).isEqualTo(new TreeSet<>(IMPORTS.keySet()));
    }

    @Test
    void theTableReadsFromTopToBottom() {
        Set<String> above = new TreeSet<>();
        IMPORTS.forEach((name, imports) -> {
            assertThat(above).as("above " + name).containsAll(imports);
            above.add(name);
        });
    }

    @Test
    void packagesImportOnlyWhatTheTableAllows() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String name = target.getPackageName();
                if (ours(target)
                        && !name.equals(type.getPackageName())
                        && !IMPORTS.getOrDefault(type.getPackageName(), List.of())
                                .contains(name)) {
                    wrong.add(type.getName() + " uses " + target.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void librariesStayInThePackagesThatOwnThem() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target =
                        dependency.getTargetClass().getBaseComponentType().getName();
                OWNERS.forEach((library, owners) -> {
                    if (target.startsWith(library) && !owners.contains(type.getPackageName())) {
                        wrong.add(type.getName() + " uses " + target);
                    }
                });
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void onlyTheEdgesAskTheClock() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                if (isClock(
                                access.getTargetOwner().getName(),
                                access.getTarget().getName())
                        && !CLOCKS.contains(type.getPackageName())) {
                    wrong.add(access.getDescription());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean isClock(String owner, String member) {
        return switch (owner) {
            case "java.lang.System" -> member.equals("currentTimeMillis") || member.equals("nanoTime");
            case "java.util.Date" -> member.equals("<init>");
            default -> owner.startsWith("java.time.") && (member.equals("now") || member.startsWith("system"));
        };
    }

    @Test
    void noClassIsOpenForInheritance() {
        Set<String> open = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            Set<JavaModifier> modifiers = type.getModifiers();
            boolean closed = type.isInterface()
                    || type.isEnum()
                    || type.isAnonymousClass()
                    || modifiers.contains(JavaModifier.FINAL)
                    || modifiers.contains(JavaModifier.ABSTRACT)
                    || type.reflect().isSealed();
            if (!closed) {
                open.add(type.getName());
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void atLeastHalfOfTheTypesArePackagePrivate() {
        Set<String> open = new TreeSet<>();
        int all = 0;
        for (JavaClass type : CLASSES) {
            if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
                all++;
                if (type.getModifiers().contains(JavaModifier.PUBLIC)) {
                    open.add(type.getName());
                }
            }
        }
        assertThat(open.size())
                .as("%d of %d types are public: %s", open.size(), all, open)
                .isLessThanOrEqualTo(all / 2);
    }

    @Test
    void nothingIsMocked() {
        assertThat(getClass().getClassLoader().getResource("org/mockito/Mockito.class"))
                .isNull();
    }
}
