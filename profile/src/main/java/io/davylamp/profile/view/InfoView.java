package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What there is to ask for, and how it was recorded; with a filter the sums of what it accepts, for which samples have to be read. */
public record InfoView() implements View {
    public record Info(List<Sum> measures, List<ProfileFacts> profiles) implements Answer {}

    /**
     * A measure and what its samples come to.
     *
     * @param intervalNanos time that each sample is worth; 0 when it is no time, or not the same everywhere
     * @param instances in how many profiles it is; null, as the next two, for one profile
     * @param lengthNanos time that was recorded and selected, as {@link Extent} has it
     * @param coreNanos the same for each processor; 0 when one of the hosts did not tell how many it has
     */
    public record Sum(
            String name,
            String unit,
            long events,
            long samples,
            long intervalNanos,
            long total,
            Integer instances,
            Long lengthNanos,
            Long coreNanos) {}

    /**
     * One profile.
     *
     * @param source who recorded it
     * @param start ISO 8601 in UTC
     */
    public record ProfileFacts(
            String instance,
            String source,
            String start,
            String end,
            long lengthNanos,
            int cores,
            List<Sum> measures,
            Map<String, String> settings,
            Map<String, String> host,
            List<String> warnings) {}

    static View of(Parameters parameters, ViewLimits limits, boolean whole) {
        return new InfoView();
    }

    private static boolean isFiltered(Query query) {
        return !query.filter().equals(ProfileFilter.ALL);
    }

    @Override
    public Info answer(Query query, Profiles profiles) throws IOException {
        return new Info(
                measures(query, profiles),
                profiles.sources().stream().map(InfoView::recorded).toList());
    }

    /** The measures of all profiles with their sums, in the order people expect. */
    public static List<Sum> measures(Query query, Profiles profiles) throws IOException {
        List<MeasureTotals> totals = isFiltered(query) ? accepted(query, profiles) : profiles.measures();
        return totals.stream()
                .map(each -> {
                    Extent extent = profiles.side().extent(each.measure(), query.filter());
                    return new Sum(
                            each.measure().name(),
                            each.measure().unit().word(),
                            each.events(),
                            each.samples(),
                            each.intervalNanos(),
                            each.total(),
                            each.instances(),
                            extent.lengthNanos(),
                            extent.coreNanos());
                })
                .toList();
    }

    private static List<MeasureTotals> accepted(Query query, Profiles profiles) throws IOException {
        TimeRange range = profiles.side().range(query.filter());
        List<MeasureTotals> sums = new ArrayList<>();
        for (MeasureTotals whole : profiles.measures()) {
            Measure measure = whole.measure();
            long[] sum = new long[4];
            Loading.forEach(profiles.sources(), measure, range, (source, profile) -> {
                if (Selection.has(profile, measure)) {
                    Selection selection = new Selection(profile, measure, query.filter(), range, query.count());
                    long before = sum[0];
                    for (Samples.Block block : selection.samples().blocks()) {
                        int n = selection.select(block);
                        sum[0] += n;
                        for (int i = 0; i < n; i++) {
                            sum[1] += selection.value(block, selection.rows()[i]);
                            sum[3] += block.weight(selection.rows()[i]);
                        }
                    }
                    sum[2] += sum[0] > before ? 1 : 0;
                }
            });
            sums.add(new MeasureTotals(
                    profiles.counted(measure, query), sum[0], sum[3], whole.intervalNanos(), sum[1], (int) sum[2]));
        }
        return sums;
    }

    private static ProfileFacts recorded(ProfileSource source) {
        ProfileInfo info = source.info();
        return new ProfileFacts(
                source.instance(),
                info.source(),
                Moment.text(info.startNanos()),
                Moment.text(info.endNanos()),
                Math.max(0, info.durationNanos()),
                info.cores(),
                source.measures().stream()
                        .map(each -> new Sum(
                                each.measure().name(),
                                each.measure().unit().word(),
                                each.events(),
                                each.samples(),
                                each.intervalNanos(),
                                each.total(),
                                null,
                                null,
                                null))
                        .toList(),
                info.settings(),
                info.host(),
                info.warnings());
    }
}
