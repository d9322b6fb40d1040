package dev.sluice.testkit.driver;

import org.junit.jupiter.api.Nested;

import java.net.URI;

/** The upper levels over the reference provider. */
class MemDriverTest {

    private static final URI OPEN = URI.create("mem:///");
    private static final URI LISTEN = URI.create("mem://any:0");

    @Nested
    class Messages extends DriverMessageTests {

        Messages() {
            super(OPEN, LISTEN);
        }
    }

    @Nested
    class Operations extends DriverOperationTests {

        Operations() {
            super(OPEN, LISTEN);
        }
    }

    @Nested
    class Endings extends DriverEndingTests {

        Endings() {
            super(OPEN, LISTEN);
        }
    }

    @Nested
    class Threads extends DriverThreadTests {

        Threads() {
            super(OPEN, LISTEN);
        }
    }
}
