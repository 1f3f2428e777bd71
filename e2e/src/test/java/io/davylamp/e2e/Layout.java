package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Where things stand on a page: beside each other, within the window, and whole or with an ellipsis. */
final class Layout {
    /** What of an element is seen: what it is cut to by those around it. */
    private static final String SEEN = """
            const seen = e => { let {left, top, right, bottom} = e.getBoundingClientRect();
              for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
                if (getComputedStyle(p).overflow === 'visible') continue;
                const r = p.getBoundingClientRect();
                left = Math.max(left, r.left); top = Math.max(top, r.top); right = Math.min(right, r.right); bottom = Math.min(bottom, r.bottom);
              }
              return right - left > 1 && bottom - top > 1 ? {left, top, right, bottom} : null; };
            const told = e => (e.id || e.className || e.tagName) + ' "' + (e.ariaLabel || e.value || e.textContent).trim().slice(0, 40) + '"';
            const shown = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.closest('.skip, .hidden, .toasts, .uploads, option, svg');
            """;

    /** Texts that end before their last letter without an ellipsis, or with one and without a way to read the rest. */
    private static final String CUT = SEEN + """
            const cut = [];
            for (const e of document.querySelectorAll('body *')) {
              if (!shown(e) || e.matches('canvas, input, select, textarea, progress')) continue;
              if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
              for (let p = e; p && p !== document.body; p = p.parentElement) {
                const style = getComputedStyle(p);
                if (style.overflowX === 'visible') continue;
                if (['auto', 'scroll'].includes(style.overflowX)) break;
                const range = document.createRange(); range.selectNodeContents(e);
                const over = range.getBoundingClientRect().right - p.getBoundingClientRect().right;
                if (over > 1.5 && style.textOverflow !== 'ellipsis') cut.push('without an ellipsis: ' + told(e) + ' in ' + told(p) + ' by ' + over.toFixed(1));
                else if (over > 1.5 && !e.closest('[title]') && !e.querySelector('[title]')) cut.push('without a title: ' + told(e));
                break;
              }
            }
            return cut;
            """;

    /** Things that people use or read which share a place. */
    private static final String OVERLAPS = SEEN + """
            // A link that goes on in the next line of a text is two boxes; the box around both has other links in it.
            const lines = e => [...e.getClientRects()];
            const meet = (p, q) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1.5 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 1.5;
            const all = [...document.querySelectorAll('button, a, input:not([type=file]), select, h1, h2, th, .legend, .card-box, canvas, progress')]
              .filter(shown).filter(e => !e.closest('.panel, .menu, dialog, .card, .timeline-card, .flame-scroll, .chosen-bar, .frame-panel') && !(e.closest('.rows') && e.closest('tbody')))
              .map(e => [e, seen(e)]).filter(([, r]) => r);
            const found = [];
            for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
              const [a, r] = all[i], [b, s] = all[j];
              if (a.contains(b) || b.contains(a) || (a.closest('.search') && a.closest('.search') === b.closest('.search'))) continue;
              const x = Math.min(r.right, s.right) - Math.max(r.left, s.left), y = Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top);
              if (x > 1.5 && y > 1.5 && lines(a).some(p => lines(b).some(q => meet(p, q)))) found.push(told(a) + ' over ' + told(b));
            }
            return found;
            """;

    /** Popovers that leave the window, each opened and closed. */
    private static final String OUTSIDE = """
            const done = arguments[arguments.length - 1];
            const frame = () => new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
            (async () => {
              const outside = [];
              for (const button of document.querySelectorAll('.pop > button')) {
                if (!button.checkVisibility() || button.disabled) continue;
                button.click();
                await frame();
                const panel = button.parentElement.querySelector('.panel');
                if (!panel) { outside.push('nothing opens at ' + (button.ariaLabel || button.textContent)); continue; }
                const {left, top, right, bottom} = panel.getBoundingClientRect();
                if (left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5) {
                  outside.push((button.ariaLabel || button.textContent) + ' ' + [left, top, right, bottom].map(Math.round));
                }
                button.click();
                await frame();
              }
              return outside;
            })().then(done, e => done([String(e)]));
            """;

    /** What is scrolled sideways though it is neither a table nor a row of one kind of things, and buttons of tables that are out of sight. */
    private static final String SIDEWAYS = SEEN + """
            const found = [];
            for (const e of document.querySelectorAll('main, main *')) {
              if (!['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || e.matches('.wide, .rows, pre, pre code, .tabs, .standing, .legend')) continue;
              if (e.scrollWidth > e.clientWidth + 1) found.push('scrolls sideways: ' + told(e));
            }
            for (const e of document.querySelectorAll('.wide td.actions button, .rows td.text')) {
              const box = e.closest('.wide, .rows').getBoundingClientRect(), {left, width} = e.getBoundingClientRect();
              if (width && left + Math.min(width, 64) > box.right + 1) found.push('out of sight: ' + told(e));
            }
            return found;
            """;

    private static final String SHIFTED = """
            const done = arguments[arguments.length - 1];
            let sum = 0;
            const watch = new PerformanceObserver(list => { for (const each of list.getEntries()) if (!each.hadRecentInput) sum += each.value; });
            watch.observe({type: 'layout-shift', buffered: true});
            setTimeout(() => done(sum), 100);
            """;

    private Layout() {}

    /** @param what is shown, for the message */
    static void requireInPlace(Page page, String what) {
        assertThat(page.number("return document.scrollingElement.scrollWidth - innerWidth"))
                .as(what + " is wider than the window")
                .isLessThanOrEqualTo(0);
        assertThat((List<?>) page.run(CUT)).as(what).isEmpty();
        assertThat((List<?>) page.run(OVERLAPS)).as(what).isEmpty();
        assertThat((List<?>) page.run(SIDEWAYS)).as(what).isEmpty();
    }

    /** Opens each popover. */
    static void requireMenusInside(Page page, String what) {
        assertThat((List<?>) page.answer(OUTSIDE)).as(what).isEmpty();
    }

    /** How far things moved by themselves since the page was opened, as browsers count it. */
    static double shifted(Page page) {
        return ((Number) page.answer(SHIFTED)).doubleValue();
    }
}
