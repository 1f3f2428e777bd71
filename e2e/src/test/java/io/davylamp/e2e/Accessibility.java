package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What keeps people from reading or using what a browser shows now. */
final class Accessibility {
    /** The ratio of WCAG 2.1, 1.4.3: 4.5 for text; 3 is enough for what cannot be used. */
    private static final String PALE = """
            const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const rgba = text => text.match(/[\\d.]+/g).map(Number);
            const ground = element => { for (let e = element; e; e = e.parentElement) {
              const c = rgba(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0.99) return c.slice(0, 3); }
              return [255, 255, 255]; };
            const pale = [];
            for (const e of document.querySelectorAll('body *')) {
              if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility() || e.closest(':disabled')) continue;
              if (e.closest('.skip, option')) continue;
              const [a, b] = [light(rgba(getComputedStyle(e).color).slice(0, 3)), light(ground(e))];
              const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
              if (ratio < 4.5) pale.push(e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 30) + ' ' + ratio.toFixed(2));
            }
            return pale;
            """;

    private static final String AXE = """
            const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(
              found => done(found.violations.map(each => each.id + ' ' + each.nodes.map(node => node.target).join(', '))),
              e => done([String(e)]));
            """;

    private Accessibility() {}

    /** @param what is shown, for the message */
    static void requireNoFault(Page page, String what) throws IOException {
        assertThat((List<?>) page.run(PALE)).as(what).isEmpty();
        try (InputStream in = Accessibility.class.getResourceAsStream("/axe.min.js")) {
            page.run(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat((List<?>) page.answer(AXE)).as(what).isEmpty();
    }
}
