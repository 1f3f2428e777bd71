package io.davylamp.profile.vocabulary;

import io.davylamp.profile.vocabulary.Vocabulary.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code vocabulary.json}: lists of words by name, whose members are texts, {@code true}, or lists of texts. Every start of the
 * command line reads it, and the classes of a JSON library would take longer than the work of many a command (./davy bench cold).
 */
final class VocabularyText {
    private final String text;
    private int at;

    private VocabularyText(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException with the place, if it is not of that form */
    static Map<String, List<Word>> read(String json) {
        VocabularyText in = new VocabularyText(json);
        Map<String, List<Word>> lists = new HashMap<>();
        in.require('{');
        do {
            String name = in.text();
            in.require(':');
            lists.put(name, in.words());
        } while (in.isNext(','));
        in.require('}');
        if (in.next() != 0) {
            throw in.unexpected();
        }
        return lists;
    }

    private List<Word> words() {
        List<Word> words = new ArrayList<>();
        require('[');
        do {
            words.add(word());
        } while (isNext(','));
        require(']');
        return List.copyOf(words);
    }

    private Word word() {
        Map<String, String> texts = new HashMap<>();
        List<String> own = List.of();
        require('{');
        do {
            String name = text();
            require(':');
            if (next() == '[') {
                own = texts();
            } else if (next() == 't') {
                if (!text.startsWith("true", at)) {
                    throw unexpected();
                }
                at += "true".length();
                texts.put(name, "true");
            } else {
                texts.put(name, text());
            }
        } while (isNext(','));
        require('}');
        return new Word(
                texts.get("word"),
                texts.get("value"),
                texts.containsKey("repeated"),
                texts.get("meaning"),
                texts.get("label"),
                texts.get("hint"),
                own);
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        require('[');
        if (next() != ']') {
            do {
                texts.add(text());
            } while (isNext(','));
        }
        require(']');
        return List.copyOf(texts);
    }

    private String text() {
        require('"');
        int end = text.indexOf('"', at);
        String found = text.substring(at, Math.max(at, end));
        if (end < 0 || found.indexOf('\\') >= 0) {
            // Nothing there needs an escape.
            throw unexpected();
        }
        at = end + 1;
        return found;
    }

    private void require(char wanted) {
        if (!isNext(wanted)) {
            throw unexpected();
        }
    }

    /** Passes the next character if it is that one. */
    private boolean isNext(char wanted) {
        if (next() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /** Returns the next character that is no blank, without passing it; 0 at the end. */
    private char next() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("vocabulary.json: not understood at character " + at);
    }
}
