/** The {@code davy} command. Start with {@code Davy}, {@code RecordCommand} and {@code Question}. */
package io.davylamp.cli;
