package io.davylamp.e2e;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A page of a server in a browser of its own, as somebody uses it. */
final class Page implements AutoCloseable {
    private final String url;
    final WebDriver browser;

    /** @param profile a folder of the browser's own */
    Page(Rig rig, Path profile) {
        this(rig, profile, 1200, 900, false);
    }

    Page(Rig rig, Path profile, int width, int height, boolean dark) {
        this(rig.url(), profile, width, height, dark);
    }

    /** @param url of any server */
    Page(String url, Path profile, int width, int height, boolean dark) {
        this.url = url;
        browser = Chromium.start(profile, width, height, dark);
    }

    /**
     * Of any size, also narrower than a window may be, as on a phone.
     *
     * @param ratio dots of the screen for a pixel of the page: 2 on fine screens, and where somebody zoomed to 200 %
     */
    Page sized(int width, int height, int ratio) {
        ((ChromeDriver) browser)
                .executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", height, "deviceScaleFactor", ratio, "mobile", false));
        return this;
    }

    Page show(String path) {
        browser.get(url + path);
        return this;
    }

    WebElement see(By what) {
        return new WebDriverWait(browser, Rig.PATIENCE)
                .ignoring(StaleElementReferenceException.class)
                .until(b -> told(() ->
                        ExpectedConditions.visibilityOfElementLocated(what).apply(b)));
    }

    WebElement see(String selector) {
        return see(By.cssSelector(selector));
    }

    String text(String selector) {
        return see(selector).getText();
    }

    void until(BooleanSupplier condition) {
        new WebDriverWait(browser, Rig.PATIENCE)
                .ignoring(StaleElementReferenceException.class)
                .until(b -> told(condition::getAsBoolean));
    }

    /** The driver has two ways to say that an element went away while it was asked about; waits know the one. */
    private static <T> T told(Supplier<T> question) {
        try {
            return question.get();
        } catch (WebDriverException e) {
            if (String.valueOf(e.getMessage()).contains("does not belong to the document")) {
                throw new StaleElementReferenceException(e.getMessage(), e);
            }
            throw e;
        }
    }

    WebElement button(String text) {
        return see(By.xpath("//button[starts-with(normalize-space(), '" + text + "')]"));
    }

    /** What the popover of a button holds: chooses one line of it, and closes it. */
    void choose(String button, String line) {
        button(button).click();
        see(By.xpath("//*[contains(@class, 'panel')]//button[starts-with(normalize-space(), '" + line + "')]"))
                .click();
        press(Keys.ESCAPE);
    }

    /** The same by the line's value. */
    void chooseValue(String button, String value) {
        see(By.xpath("//button[starts-with(normalize-space(), '" + button + "') or starts-with(@aria-label, '" + button
                        + "')]"))
                .click();
        see(By.cssSelector(".panel button[value='" + value + "']")).click();
    }

    /** The flame graph, once it is drawn: code of one package has the ground, the root and one colour. */
    WebElement flame() {
        WebElement canvas = see(".flame canvas");
        until(() ->
                browser.findElements(By.cssSelector(".pane [aria-busy=true]")).isEmpty()
                        && Chromium.colours(browser, canvas) >= 3);
        return canvas;
    }

    /** What a script answers that calls back with its last argument. */
    Object answer(String script) {
        return ((ChromeDriver) browser).executeAsyncScript(script);
    }

    /** What the page says of the frame that the keyboard or the pointer is on. */
    String frame() {
        return browser.findElement(By.cssSelector("[data-testid=frame]")).getText();
    }

    /** The decoded query of the address. */
    String address() {
        String query = URI.create(browser.getCurrentUrl()).getQuery();
        return query == null ? "" : query;
    }

    Object run(String script, Object... arguments) {
        return Chromium.run(browser, script, arguments);
    }

    long number(String script, Object... arguments) {
        return ((Number) run(script, arguments)).longValue();
    }

    /** To whatever has the focus. */
    void press(CharSequence... keys) {
        new Actions(browser).sendKeys(keys).perform();
    }

    /** Goes on with Tab until something is focused that a person would know by this; fails when the page has no such thing. */
    WebElement tabTo(String selector) {
        for (int i = 0; i < 200; i++) {
            press(Keys.TAB);
            WebElement focused = browser.switchTo().activeElement();
            if ((Boolean) run("return arguments[0].matches(arguments[1])", focused, selector)) {
                return focused;
            }
        }
        throw new AssertionError("Tab does not lead to " + selector);
    }

    /** The same to a button or link of this text. */
    WebElement tabToText(String text) {
        for (int i = 0; i < 200; i++) {
            press(Keys.TAB);
            WebElement focused = browser.switchTo().activeElement();
            if (focused.getText().trim().startsWith(text)) {
                return focused;
            }
        }
        throw new AssertionError("Tab does not lead to \"" + text + "\"");
    }

    /** From one fraction of its width to another. */
    void drag(WebElement over, double from, double to, boolean withShift) {
        int width = over.getSize().width;
        Actions actions = new Actions(browser);
        if (withShift) {
            actions.keyDown(Keys.SHIFT);
        }
        actions.moveToElement(over, (int) ((from - 0.5) * width), 0)
                .clickAndHold()
                .moveToElement(over, (int) ((to - 0.5) * width), 0)
                .release();
        if (withShift) {
            actions.keyUp(Keys.SHIFT);
        }
        actions.perform();
    }

    @Override
    public void close() {
        browser.quit();
    }
}
