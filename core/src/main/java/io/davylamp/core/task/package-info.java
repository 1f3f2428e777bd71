/** Tasks, their assignments, and the state machine of both, as values. */
package io.davylamp.core.task;
