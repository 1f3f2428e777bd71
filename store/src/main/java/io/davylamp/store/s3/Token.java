package io.davylamp.store.s3;

import io.davylamp.core.store.Blobs;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is there of an unfinished blob, as text: {@code 1 attempt uploadId tail tailBytes old etag,etag,...}, where a dash is
 * nothing. A hundred parts, which are 500 MB, take 3.5 KB.
 *
 * @param attempt made by us; the finished object carries it, so that it is recognised when the answer was lost
 * @param uploadId of the multipart upload; empty when there is no part yet
 * @param etags of the parts, all of {@link Blobs#PART_BYTES}
 * @param tail name of the object with the bytes after the parts; empty when there are none
 * @param old name of an object that {@code tail} replaced; empty when there is none
 */
record Token(String attempt, String uploadId, List<String> etags, String tail, int tailBytes, String old) {
    private static final String VERSION = "1";

    long bytes() {
        return (long) etags.size() * Blobs.PART_BYTES + tailBytes;
    }

    String text() {
        return String.join(
                " ",
                VERSION,
                attempt,
                packed(uploadId),
                packed(tail),
                Integer.toString(tailBytes),
                packed(old),
                etags.isEmpty() ? "-" : etags.stream().map(Token::packed).collect(Collectors.joining(",")));
    }

    /** @throws IllegalArgumentException if the text is no token */
    static Token of(String text) {
        String[] words = text.split(" ", -1);
        if (words.length != 7 || !words[0].equals(VERSION)) {
            throw new IllegalArgumentException("\"" + text + "\" is no token");
        }
        List<String> etags = words[6].equals("-")
                ? List.of()
                : Arrays.stream(words[6].split(",", -1)).map(Token::unpacked).toList();
        Token token = new Token(
                words[1],
                unpacked(words[2]),
                etags,
                unpacked(words[3]),
                Integer.parseInt(words[4]),
                unpacked(words[5]));
        if (token.tailBytes < 0
                || token.tailBytes > Blobs.PART_BYTES
                || token.tail.isEmpty() != (token.tailBytes == 0)
                || token.uploadId.isEmpty() != etags.isEmpty()) {
            throw new IllegalArgumentException("\"" + text + "\" contradicts itself");
        }
        return token;
    }

    private static String packed(String text) {
        // Encoding leaves a dash as it is, and a lone one means nothing.
        return text.isEmpty() ? "-" : URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String unpacked(String word) {
        return word.equals("-") ? "" : URLDecoder.decode(word, StandardCharsets.UTF_8);
    }
}
