// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import egret.analyzer.watch.ViewState.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * The view on a real terminal: draws on the alternate screen, and puts everything back when it is closed, twice if need
 * be. One thread draws and reads keys; {@link #restore} may be called by any.
 *
 * <p>The terminal is set by stty, as JLine's provider "exec" does it: no native library has to be unpacked.
 */
public final class TerminalView implements AutoCloseable {
    /** How long a key or a moment may wait to be seen. */
    private static final long WAIT_MILLIS = 100;

    /** Between an escape and what follows it in a sequence. */
    private static final long SEQUENCE_MILLIS = 40;

    private static final int CTRL_L = 0x0c;

    private final Terminal terminal;
    private final Attributes before;
    private final Display display;
    private final boolean colour;
    private final boolean ascii;
    private final KeyParser parser = new KeyParser();
    private volatile boolean resized = true;
    private boolean restored;
    private Sized size = Size.of(80, 24);
    private ViewState state = ViewState.START;

    private TerminalView(Terminal terminal, boolean colour) {
        this.terminal = terminal;
        this.colour = colour;
        this.ascii = !StandardCharsets.UTF_8.equals(terminal.encoding());
        before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, true); // Ctrl-C works also when this thread does not
        raw.setControlChar(Attributes.ControlChar.VSUSP, 0); // Ctrl-Z would stop the capture, on a screen in disorder
        raw.setControlChar(Attributes.ControlChar.VQUIT, 0);
        terminal.setAttributes(raw);
        Signals.register("WINCH", () -> resized = true);
        display = new Display(terminal, true);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    /** Null if the terminal cannot do what is needed; nothing was changed then. */
    public static @Nullable TerminalView open(boolean colour) {
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .provider("exec")
                    .dumb(false)
                    .graphemeCluster(false) // asks the terminal, and waits for an answer that may not come
                    .nativeSignals(false) // StopSignals are the command's
                    .build();
            if (terminal.getStringCapability(Capability.enter_ca_mode) == null
                    || terminal.getStringCapability(Capability.cursor_address) == null) {
                terminal.close();
                return null;
            }
            return new TerminalView(terminal, colour);
        } catch (IOException | IllegalStateException e) {
            return null;
        }
    }

    /**
     * Shows moments until quitting is pressed or {@code ended} says so.
     *
     * @param latest gives the latest moment
     */
    public void run(Supplier<Moment> latest, BooleanSupplier ended) throws IOException {
        NonBlockingReader keys = terminal.reader();
        long drawn = -1;
        boolean changed = true;
        while (state.mode() != Mode.QUIT && !ended.getAsBoolean()) {
            Moment moment = latest.get();
            if (resized) {
                resized = false;
                measure();
                changed = true;
            }
            if (changed || (moment.number() != drawn && state.frozen() == null)) {
                draw(moment);
                drawn = moment.number();
            }
            changed = press(keys, latest);
        }
    }

    /** Waits for a key and presses it; whether there was one. */
    private boolean press(NonBlockingReader keys, Supplier<Moment> latest) throws IOException {
        int character = keys.read(parser.waiting() ? SEQUENCE_MILLIS : WAIT_MILLIS);
        if (character == CTRL_L) {
            resized = true; // another program has written on the screen
        }
        Key key;
        if (character == NonBlockingReader.READ_EXPIRED) {
            key = parser.waiting() ? parser.pause() : null;
        } else if (character < 0) { // the terminal is gone
            state = state.mode(Mode.QUIT);
            return true;
        } else {
            key = parser.next(character);
        }
        if (key != null) {
            state = Keys.press(state, key, latest.get(), View.page(size.getRows()));
        }
        return key != null;
    }

    private void measure() {
        Sized now = terminal.getSize();
        if (now.getColumns() > 0 && now.getRows() > 0) {
            size = now;
        }
        terminal.puts(Capability.clear_screen);
        display.resize(size);
        display.clear();
    }

    private void draw(Moment moment) {
        List<AttributedString> lines = new ArrayList<>();
        for (Line line : View.draw(moment, state, size.getColumns(), size.getRows())) {
            lines.add(attributed(line));
        }
        display.update(lines, -1);
        terminal.flush();
    }

    private AttributedString attributed(Line line) {
        AttributedStringBuilder text = new AttributedStringBuilder();
        for (Line.Run run : line.runs()) {
            text.styled(style(run.paint()), ascii ? AsciiText.of(run.text()) : run.text());
        }
        // The library may take a rare character for wider than it was taken here.
        return text.toAttributedString().columnSubSequence(0, size.getColumns());
    }

    private AttributedStyle style(Paint paint) {
        AttributedStyle plain = AttributedStyle.DEFAULT;
        return switch (paint) {
            case PLAIN -> plain;
            case FAINT -> colour ? plain.foreground(AttributedStyle.BRIGHT) : plain;
            case STRONG -> plain.bold();
            case TITLE, SELECTED -> plain.inverse();
            case GOOD -> colour ? plain.foreground(AttributedStyle.GREEN) : plain;
            case WARNING -> colour ? plain.foreground(AttributedStyle.YELLOW) : plain.bold();
            case CRITICAL -> colour ? plain.foreground(AttributedStyle.RED).bold() : plain.bold();
        };
    }

    /** The terminal as it was. */
    public synchronized void restore() {
        if (restored) {
            return;
        }
        restored = true;
        terminal.puts(Capability.cursor_normal);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
        terminal.setAttributes(before);
    }

    @Override
    public void close() throws IOException {
        restore();
        terminal.close();
    }
}
