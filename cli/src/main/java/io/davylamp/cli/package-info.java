/** The {@code davy} command. Start with {@code Davy}, {@code RecordCommand} and {@code Views}. */
package io.davylamp.cli;
