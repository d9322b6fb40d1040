package dev.sluice.rdma.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares every constant, size and offset with what the C compiler says to the distribution's headers. */
final class LayoutsTest {
    private static final List<Class<?>> TABLES = List.of(VerbsLayouts.class, AttributeLayouts.class, WorkLayouts.class,
            CmLayouts.class);

    private static final String SOURCE_HEAD = """
            #include <stddef.h>
            #include <stdio.h>
            #include <infiniband/verbs.h>
            #include <rdma/rdma_cma.h>
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void needHeaders() {
        CompiledC.assumeHeader("/usr/include/infiniband/verbs.h");
        CompiledC.assumeHeader("/usr/include/rdma/rdma_cma.h");
    }

    @Test
    void shouldAgreeWithTheHeadersOnEverySizeAndOffset() throws Exception {
        Map<String, Long> expected = layouts();
        assertThat(expected).hasSizeGreaterThan(120);
        assertThat(ask(expected)).isEqualTo(expected);
    }

    /** What it says cannot be run here, so it checks itself while it compiles. */
    @Test
    void shouldAgreeWithTheCompilerForArmWhenOneIsPresent() throws Exception {
        StringBuilder source = new StringBuilder(SOURCE_HEAD);
        layouts().forEach((name, value) -> source.append("_Static_assert(").append(name).append(" == ").append(value)
                .append(", \"not ").append(value).append("\");\n"));
        CompiledC.checkForArm(folder, source.toString());
    }

    private static Map<String, Long> layouts() throws IllegalAccessException {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Class<?> table : TABLES) {
            for (Class<?> struct : table.getDeclaredClasses()) {
                describe(struct, all);
            }
        }
        return all;
    }

    @Test
    void shouldAgreeWithTheHeadersOnEveryConstant() throws Exception {
        Map<String, Long> expected = new LinkedHashMap<>();
        for (Class<?> type : List.of(VerbsConstants.class, CmConstants.class)) {
            for (Field field : type.getDeclaredFields()) {
                expected.put(field.getName(), (long) field.getInt(null));
            }
        }
        assertThat(expected).hasSizeGreaterThan(90);
        assertThat(ask(expected)).isEqualTo(expected);
    }

    @Test
    void shouldNameStatusesAsTheHeaderDoes() throws Exception {
        Map<String, Long> expected = new LinkedHashMap<>();
        for (int status = 0; !WcStatus.name(status).equals("UNKNOWN"); status++) {
            expected.put("IBV_WC_" + WcStatus.name(status), (long) status);
        }
        assertThat(expected).hasSize(24);
        assertThat(ask(expected)).isEqualTo(expected);
    }

    @Test
    void shouldSayBothNumbersWhenALayoutDiffers() {
        LayoutCheck.echo("ibv_mr.addr", 4096, 4096);
        assertThatThrownBy(() -> LayoutCheck.echo("ibv_mr.addr", 4096, 8192)).isInstanceOf(LinkageError.class)
                .hasMessageContaining("ibv_mr.addr should be 4096 (0x1000) but is 8192 (0x2000)");
        assertThatThrownBy(() -> LayoutCheck.atLeast("ibv_cq.cqe", 64, 3)).isInstanceOf(LinkageError.class)
                .hasMessageContaining("64").hasMessageContaining("3");
    }

    private static void describe(Class<?> struct, Map<String, Long> into) throws IllegalAccessException {
        String tag = struct.getAnnotation(CStruct.class).value();
        for (Field field : struct.getDeclaredFields()) {
            CField name = field.getAnnotation(CField.class);
            long value = field.getInt(null);
            if (name != null) {
                into.put("offsetof(struct " + tag + ", " + name.value() + ")", value);
            } else if (field.getName().equals("BYTES")) {
                into.put("sizeof(struct " + tag + ")", value);
            } else {
                assertThat(field.getName()).isEqualTo("PREFIX_BYTES");
            }
        }
    }

    private Map<String, Long> ask(Map<String, Long> about) throws Exception {
        StringBuilder source = new StringBuilder(SOURCE_HEAD).append("int main(void) {\n");
        about.keySet().forEach(each -> source.append("printf(\"%lld\\n\", (long long) (").append(each).append("));\n"));
        List<String> lines = CompiledC.output(folder, source.append("}\n").toString()).lines().toList();
        Map<String, Long> answers = new LinkedHashMap<>();
        int line = 0;
        for (String each : about.keySet()) {
            answers.put(each, Long.valueOf(lines.get(line++)));
        }
        return answers;
    }
}
