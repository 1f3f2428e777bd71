package io.davylamp.profile.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.davylamp.profile.view.Answer;
import io.davylamp.profile.view.Facts;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Answers as JSON: the records as they are. What is null is not written, nor are empty lists of the {@link Facts}, whose members stand
 * among those of the answer.
 */
final class AnswerJson {
    /** Facts are no object of their own. */
    interface WithFacts {
        @JsonUnwrapped
        Facts facts();
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private interface OnlyKnown {}

    static final ObjectMapper MAPPER = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .addMixIn(Answer.class, WithFacts.class)
            .addMixIn(Facts.class, OnlyKnown.class)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .build();

    private AnswerJson() {}

    /** The caller closes {@code out}. */
    static void write(Answer answer, OutputStream out) throws IOException {
        // By way of characters: a name may hold half a surrogate pair, which is no reason to fail.
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        MAPPER.writeValue(writer, answer);
        writer.flush();
    }

    /** The caller flushes and closes {@code out}. */
    static JsonGenerator generator(Writer out) throws IOException {
        return MAPPER.getFactory().createGenerator(out).disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    }
}
