package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What stands out in a measure: a few sentences, each with its number and a query that shows it. */
public record FindingsView() implements View {
    /** Cells of the timeline that changes are looked for in. */
    private static final int CELLS = 20;

    /** The answer. */
    public record Answered(String measure, List<Sentence> findings) implements Answer {}

    /**
     * One finding.
     *
     * @param rule the rule that found it, as docs/reference/findings.md has it
     * @param words of a query, and of the page, that show it
     */
    public record Sentence(String rule, String text, Map<String, String> words) {}

    static View of(Parameters parameters, ViewLimits limits, boolean whole) {
        return new FindingsView();
    }

    @Override
    public Answered answer(Query query, Profiles profiles) throws IOException {
        Query asked = query.ofWork();
        Merged merged =
                profiles.merged(asked.alone(profiles.measure(query.measure()).name()));
        FrameTree tree = merged.tree();
        Measure measure = tree.measure();
        Facts facts = Facts.of(profiles, asked, measure, tree.total(), merged.overhead());
        ThreadTable threads = new ThreadsView(0, false).table(asked, profiles);
        Timeline timeline = new TimelineView(Timeline.Cells.of(CELLS)).timeline(asked.alone(measure.name()), profiles);
        List<Findings.Finding> found = Findings.of(new Findings.Evidence(
                measure.name(),
                tree.total(),
                facts.samples(),
                facts.lengthNanos(),
                merged.overhead(),
                HotMethods.of(tree),
                Findings.kernel(tree),
                threads.rows(),
                instances(query, profiles, measure),
                timeline.rows().isEmpty() ? new long[0] : timeline.rows().get(0).values(),
                timeline.cellNanos()));
        return new Answered(
                measure.name(),
                found.stream()
                        .map(each -> new Sentence(each.rule(), each.text(), each.words()))
                        .toList());
    }

    /** What each instance has; nothing where a filter chose a part, of which the sums of the recordings say nothing. */
    private static Map<String, Long> instances(Query query, Profiles profiles, Measure measure) {
        Map<String, Long> totals = new TreeMap<>();
        if (query.filter().with(Overhead.KEEP).equals(ProfileFilter.ALL)) {
            for (ProfileSource source : profiles.sources()) {
                source.measures().stream()
                        .filter(each -> each.measure().name().equals(measure.name()))
                        .forEach(each -> totals.merge(source.instance(), each.total(), Long::sum));
            }
        }
        return totals;
    }
}
