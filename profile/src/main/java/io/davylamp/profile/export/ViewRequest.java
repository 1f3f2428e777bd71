package io.davylamp.profile.export;

import io.davylamp.profile.view.Answer;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FlameView;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.InvalidQueryException;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.Query;
import io.davylamp.profile.view.TreeAnswer;
import io.davylamp.profile.view.View;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * A question as a value: what is asked of which samples, seen in which way, written how. Parameters in, bytes out, the same for a file
 * on disk and for tasks on a server; what the parameters mean is told in docs/reference/views.md. Immutable.
 *
 * @param format of a tree; JSON for views that are tables
 */
public record ViewRequest(Query query, View view, Format format) {
    /**
     * The question that parameters ask.
     *
     * @throws InvalidQueryException naming the first parameter that is wrong, before any profile is read
     */
    public static ViewRequest of(ViewKind kind, Parameters parameters, ViewLimits limits) {
        kind.requireKnown(parameters);
        Query query = Query.of(parameters::one);
        String word = parameters.one("format");
        Format format = word == null ? Format.JSON : Format.of(word);
        return new ViewRequest(query, kind.view(parameters, limits, format.isWhole()), format);
    }

    /**
     * Writes the answer; the caller closes {@code out}.
     *
     * @param title names the answer in formats that have a place for it
     * @return what a budget cut, in words for whoever asked; null when the answer is whole
     * @throws InvalidQueryException naming the parameter that is wrong for these profiles
     */
    public String write(Profiles all, String title, OutputStream out) throws IOException {
        Profiles profiles = all.of(query);
        boolean lines = query.detail() == Detail.LINE;
        if (format == Format.OTLP
                && view instanceof FlameView flame
                && flame.hasPlainStacks()
                && query.by().isEmpty()) {
            Otlp.write(profiles, query, title, lines, out);
            return null;
        }
        Answer answer = view.answer(query, profiles);
        if (!(answer instanceof TreeAnswer tree)) {
            AnswerJson.write(answer, out);
            return null;
        }
        ProfileSource first =
                profiles.sources().isEmpty() ? null : profiles.sources().get(0);
        format.write(
                new Format.Written(
                        tree.tree(),
                        tree.facts(),
                        title,
                        lines,
                        first == null ? 0 : first.info().startNanos(),
                        first == null ? 0 : first.info().durationNanos()),
                out);
        return format.isWhole() ? told(tree.tree()) : null;
    }

    /**
     * Returns the answer as it is.
     *
     * @throws InvalidQueryException naming the parameter that is wrong for these profiles
     */
    public Answer answer(Profiles all) throws IOException {
        return view.answer(query, all.of(query));
    }

    private String told(FrameTree cut) {
        if (cut.cutValue() == 0) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "only the %d largest nodes were asked for: %d of %d %s (%.1f %%) belong to smaller ones and are %s; without"
                        + " \"nodes\" all are written",
                cut.size(),
                cut.cutValue(),
                cut.total(),
                cut.measure().unit().word(),
                100.0 * cut.cutValue() / cut.total(),
                format.hasRemainders() ? "only in the totals of their callers" : "counted for their callers");
    }
}
