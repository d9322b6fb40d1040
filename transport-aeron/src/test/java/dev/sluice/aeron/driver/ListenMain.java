package dev.sluice.aeron.driver;

import dev.sluice.SluiceException;

import java.util.concurrent.CountDownLatch;

/** Starts a driver, says where it lives, and waits to be killed. */
final class ListenMain {

    private ListenMain() {}

    /** Prints the directory. */
    public static void main(String... args) throws SluiceException, InterruptedException {
        Clients.Client client = Clients.embedded(false);
        System.out.println(client.driver().getParent());
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
