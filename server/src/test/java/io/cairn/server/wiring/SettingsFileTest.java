package io.cairn.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
    @TempDir
    Path temp;

    private Path file(String folder) throws IOException {
        var place = Files.createDirectories(temp.resolve(folder));
        return Files.writeString(place.resolve("cairn.yaml"), "cairn.port: 1");
    }

    private SettingsFile found(List<String> given, Map<String, String> environment) {
        return SettingsFile.of(given, environment, temp.resolve("work"));
    }

    @Test
    void theFileInTheDataFolderIsReadFromWhereverTheServerIsStarted() throws IOException {
        var inData = file("data");
        var inWork = file("work");
        var data = "--cairn.data=" + temp.resolve("data");
        assertThat(found(List.of(data), Map.of()).read()).contains(inData);
        assertThat(found(List.of(data), Map.of()).told()).contains(inData.toString(), "not from " + inWork);
        assertThat(found(List.of(), Map.of("CAIRN_DATA", temp.resolve("data").toString()))
                        .read())
                .contains(inData);
        assertThat(found(List.of(), Map.of("CAIRN_DATA", temp.resolve("other").toString()))
                        .read())
                .contains(inWork);
    }

    @Test
    void withoutOneThereItIsThatOfTheWorkingDirectoryAndThenTheOneBesideTheLauncher() throws IOException {
        var beside = file("home");
        var environment = Map.of("CAIRN_HOME", temp.resolve("home").toString());
        assertThat(found(List.of(), environment).read()).contains(beside);
        var inWork = file("work");
        assertThat(found(List.of(), environment).read()).contains(inWork);
        assertThat(found(List.of(), environment).passedOver()).containsExactly(beside);
        assertThat(found(List.of(), environment).in(List.of("--cairn.port=2")))
                .contains("--spring.config.location=classpath:/,file:" + inWork, "--cairn.port=2");
    }

    @Test
    void whereThereIsNoneItIsSaidWhereItWasLookedFor() {
        var none = found(List.of(), Map.of());
        assertThat(none.read()).isEmpty();
        assertThat(none.told())
                .contains(
                        temp.resolve("work/cairn-data/cairn.yaml").toString(),
                        temp.resolve("work/cairn.yaml").toString());
    }

    @Test
    void theFileThatIsNamedIsReadAndNoOther() throws IOException {
        var named = file("named");
        var inWork = file("work");
        var chosen = found(List.of(SettingsFile.CHOSEN + named), Map.of());
        assertThat(chosen.read()).contains(named);
        assertThat(chosen.passedOver()).containsExactly(inWork);
        assertThat(chosen.in(List.of(SettingsFile.CHOSEN + named)))
                .contains("--spring.config.location=classpath:/,file:" + named)
                .noneMatch(setting -> setting.startsWith(SettingsFile.CHOSEN));
    }
}
