package io.davylamp.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameRulesTest {
    @ParameterizedTest
    @CsvSource({
        "java/lang/String,                                java.lang.String",
        "[B,                                              byte[]",
        "[[I,                                             int[][]",
        "[Ljava/lang/String;,                             java.lang.String[]",
        "java.lang.String[],                              java.lang.String[]",
        "pkg/A$$Lambda+0x00007f8177090218/543846639,      pkg.A$$Lambda",
        "pkg/A$$Lambda$14/0x0000000800c03000,             pkg.A$$Lambda",
        "pkg/A$$Lambda$18.0x00007f42d80be980,             pkg.A$$Lambda",
        "pkg/A$$Lambda.0x00007f81,                        pkg.A$$Lambda",
        "jdk/proxy2/$Proxy112,                            jdk.proxy2.$Proxy",
        "jdk/internal/reflect/GeneratedMethodAccessor12,  jdk.internal.reflect.GeneratedMethodAccessor",
        "java/lang/invoke/LambdaForm$MH.0x0000000800c03000, java.lang.invoke.LambdaForm$MH",
        "pkg/Shop$$EnhancerBySpringCGLIB$$8f2a,           pkg.Shop$$EnhancerBySpringCGLIB",
        "pkg/Version12,                                   pkg.Version12",
        "pkg.A$$Lambda.0x00007f8177090218.543846639,      pkg.A$$Lambda",
        "libjvm.so,                                       libjvm.so",
        "libc.so.6,                                       libc.so.6",
        "libstdc++.so.6.0.30,                             libstdc++.so.6.0.30",
        "python3.11,                                      python3.11",
        "ld-2.31.so,                                      ld-2.31.so",
    })
    void theSameCodeHasTheSameNameInEveryJvm(String internal, String readable) {
        assertThat(NameRules.V2.className(internal)).isEqualTo(readable);
    }

    @ParameterizedTest
    @CsvSource({"a/B$$Lambda$14/0x0000000800c03000, a.B$$Lambda$14.0x0000000800c03000", "[La/B;, a.B[]"})
    void rawNamesKeepEverything(String internal, String readable) {
        assertThat(NameRules.RAW.className(internal)).isEqualTo(readable);
    }
}
