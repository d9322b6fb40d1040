package dev.sluice.aeron.driver;

import dev.sluice.SluiceException;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The names that IPC listeners have: a symbolic link in the directory of the driver they use, whose target is no file but
 * says on which stream, and for which process. A name goes with its driver's directory; a dead process's is replaced.
 */
public final class Names {
    private static final String FOLDER = "sluice-names";
    private static final int MAX_NAME_BYTES = 200;

    /**
     * Where a name leads.
     *
     * @param driver the directory of the driver
     * @param stream the stream that hellos go to
     */
    public record Place(Path driver, int stream) {}

    private Names() {}

    /**
     * Takes a name.
     *
     * @param driver the directory of the driver
     * @param name any text
     * @param stream the stream that hellos go to
     * @throws SluiceException when a living process has it
     */
    public static void take(Path driver, String name, int stream) throws SluiceException {
        Place taken = find(driver.toString(), name);
        if (taken != null) {
            throw new SluiceException("another listener has this name", 0, "aeron:///" + name,
                    "Choose another one, or aeron:/// for any");
        }
        try {
            Files.createDirectories(driver.resolve(FOLDER));
            Path link = link(driver, name);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(stream + "@" + OwnProcess.id()));
        } catch (FileAlreadyExistsException e) {
            throw new SluiceException("another listener has just taken this name", 0, "aeron:///" + name,
                    "Choose another one, or aeron:/// for any", e);
        } catch (IOException e) {
            throw new SluiceException("the name cannot be written: " + e, 0, "aeron:///" + name,
                    "Is the directory of the media driver writable for this user?", e);
        }
    }

    /**
     * Gives a name back.
     *
     * @param driver the directory of the driver that it was taken in
     * @param name the name
     */
    public static void release(Path driver, String name) {
        try {
            Files.deleteIfExists(link(driver, name));
        } catch (IOException e) {
            // The process in it makes it void as soon as this one ends.
            System.getLogger(Names.class.getName()).log(System.Logger.Level.DEBUG, "name not deleted", e);
        }
    }

    /**
     * Finds a name.
     *
     * @param externalDriver the directory of an external driver, or empty for those embedded in this user's processes
     * @param name the name
     * @return where it leads, or null when no living process has it
     * @throws SluiceException when the directories of drivers cannot be read
     */
    public static Place find(String externalDriver, String name) throws SluiceException {
        if (!externalDriver.isEmpty()) {
            Place place = findAt(Path.of(externalDriver), name);
            if (place != null) {
                return place;
            }
        }
        try {
            for (DriverHome home : DriverHome.all()) {
                Place place = home.isAlive() ? findAt(home.driver(), name) : null;
                if (place != null) {
                    return place;
                }
            }
        } catch (IOException e) {
            throw new SluiceException("the directories of media drivers cannot be listed: " + e, 0, "", "", e);
        }
        return null;
    }

    private static Place findAt(Path driver, String name) throws SluiceException {
        try {
            Path link = link(driver, name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            String[] target = Files.readSymbolicLink(link).toString().split("@", 2);
            return target.length == 2 && OwnProcess.isAlive(target[1])
                    ? new Place(driver, Integer.parseInt(target[0]))
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | NumberFormatException e) {
            throw new SluiceException("the name cannot be read: " + e, 0, "aeron:///" + name, "", e);
        }
    }

    private static Path link(Path driver, String name) throws SluiceException {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
        if (encoded.isEmpty() || encoded.length() > MAX_NAME_BYTES) {
            throw new SluiceException("a name has 1 to " + MAX_NAME_BYTES + " bytes, percent-encoded", 0,
                    "aeron:///" + name, "Choose a shorter one");
        }
        return driver.resolve(FOLDER).resolve("n" + encoded);
    }
}
