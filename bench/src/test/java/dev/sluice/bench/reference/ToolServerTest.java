package dev.sluice.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

class ToolServerTest {

    @Test
    void shouldStartOnlyKnownProgramsWhenANearEndAsks() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ToolServer server = ToolServer.start(any, line -> {})) {
            assertThat(ask(server, "sh 64 100")).isEqualTo("failed none of the programs that are started here");
            assertThat(ask(server, "ib_send_lat 64 100; 1")).startsWith("failed ");
            assertThat(ask(server, "ib_send_lat 64 x")).as("serves on after a failure").startsWith("failed ");
        }
    }

    @Test
    void shouldBuildTheProgramsCommandWhenTheLineIsGood() {
        assertThat(ToolServer.command("ib_read_lat 4096 500", 7000)).containsExactly("ib_read_lat", "-F", "-s", "4096",
                "-n", "500", "-p", "7000");
        assertThatThrownBy(() -> ToolServer.command(null, 7000)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String ask(ToolServer server, String line) throws IOException {
        try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((line + '\n').getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }
}
